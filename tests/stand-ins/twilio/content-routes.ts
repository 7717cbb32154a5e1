import { type Answer, jsonAnswer } from "../wire/host.ts";
import type { Payload } from "../wire/shapes.ts";
import type { Approval, ContentRecord, ContentStore } from "./content-store.ts";
import { badCall, errorAnswer, NOT_FOUND } from "./errors.ts";
import { pageOf } from "./paging.ts";

const ROOT = "https://content.twilio.com/v1/Content";

/** POST /v1/Content. */
export function createContent(store: ContentStore, accountSid: string, body: unknown): Answer {
  const created = store.create(body);
  return "code" in created ? errorAnswer(created) : jsonAnswer(201, contentObject(accountSid, created));
}

/** GET /v1/Content/{sid}. */
export function fetchContent(store: ContentStore, accountSid: string, sid: string): Answer {
  const record = store.find(sid);
  return record === undefined ? errorAnswer(NOT_FOUND) : jsonAnswer(200, contentObject(accountSid, record));
}

/** DELETE /v1/Content/{sid}. */
export function deleteContent(store: ContentStore, sid: string): Answer {
  return store.remove(sid) ? { status: 204, type: "application/json", body: "" } : errorAnswer(NOT_FOUND);
}

/** GET /v1/Content, and /v1/ContentAndApprovals where `withApprovals`. */
export function listContent(
  store: ContentStore,
  accountSid: string,
  query: URLSearchParams,
  withApprovals: boolean,
): Answer {
  const page = pageOf(store.all(), query);
  if (page === undefined) return errorAnswer(badCall(20001, "PageSize or Page is wrong"));
  const url = withApprovals ? "https://content.twilio.com/v1/ContentAndApprovals" : ROOT;
  const address = (number: number) => `${url}?PageSize=${page.size}&Page=${number}`;
  return jsonAnswer(200, {
    contents: page.items.map((record) => ({
      ...contentObject(accountSid, record),
      ...(withApprovals ? { approval_requests: approvalObject(record.approval, record) } : {}),
    })),
    meta: {
      key: "contents",
      page: page.number,
      page_size: page.size,
      url: address(page.number),
      first_page_url: address(0),
      next_page_url: page.more ? address(page.number + 1) : null,
      previous_page_url: page.number > 0 ? address(page.number - 1) : null,
    },
  });
}

/** POST /v1/Content/{sid}/ApprovalRequests/whatsapp. */
export function requestApproval(store: ContentStore, sid: string, body: unknown): Answer {
  const approval = store.requestApproval(sid, body);
  if ("code" in approval) return errorAnswer(approval);
  return jsonAnswer(201, { ...approvalObject(approval, store.find(sid)), allow_category_change: true });
}

/** GET /v1/Content/{sid}/ApprovalRequests. */
export function fetchApproval(store: ContentStore, accountSid: string, sid: string): Answer {
  const record = store.find(sid);
  if (record === undefined) return errorAnswer(NOT_FOUND);
  return jsonAnswer(200, {
    sid,
    account_sid: accountSid,
    whatsapp: approvalObject(record.approval, record),
    url: `${ROOT}/${sid}/ApprovalRequests`,
  });
}

function approvalObject(approval: Approval | undefined, record: ContentRecord | undefined): Payload {
  return {
    name: approval?.name ?? "",
    category: approval?.category ?? "",
    content_type: record === undefined ? "" : `twilio/${record.content.kind}`,
    status: approval?.status ?? "unsubmitted",
    rejection_reason: approval?.status === "rejected" ? "INVALID_FORMAT" : "",
  };
}

function contentObject(accountSid: string, record: ContentRecord): Payload {
  const { sid, createdAt, friendlyName, language, variables, types } = record;
  const created = new Date(createdAt).toISOString();
  return {
    sid,
    account_sid: accountSid,
    friendly_name: friendlyName,
    language,
    variables,
    types,
    date_created: created,
    date_updated: created,
    url: `${ROOT}/${sid}`,
    links: {
      approval_create: `${ROOT}/${sid}/ApprovalRequests/whatsapp`,
      approval_fetch: `${ROOT}/${sid}/ApprovalRequests`,
    },
  };
}
