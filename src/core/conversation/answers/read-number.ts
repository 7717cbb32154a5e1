import { latinDigits } from "../../dates/digits.ts";

const plain = /^\d{1,9}$/;

/**
 * Reads one number out of what was written: Latin, Persian or Arabic digits, thousands separated by comma, point,
 * space or apostrophe, at most two decimals; a currency sign or one word may stand beside it.
 * Undefined when there is none or more than one.
 */
export function readNumber(text: string): number | undefined {
  if (plain.test(text)) return Number(text);
  const latin = latinDigits(text)
    .replaceAll(/[\u2066-\u2069\u200e\u200f]/g, "")
    .trim();
  const found = latin.match(/-?\d[\d.,' \u00a0\u202f]*/g);
  const [only, ...others] = found ?? [];
  if (only === undefined || others.length > 0 || latin.replace(only, "").trim().split(/\s+/).length > 2)
    return undefined;
  return parse(only.trim().replace(/[.,']$/, ""));
}

function parse(written: string): number | undefined {
  const decimal = /^(.*\d)[.,](\d{1,2})$/.exec(written);
  const whole = decimal?.[1] ?? written;
  if (!/^-?\d{1,3}(?:[.,' \u00a0\u202f]\d{3})*$|^-?\d+$/.test(whole)) return undefined;
  const value = Number(`${whole.replaceAll(/[^\d-]/g, "")}.${decimal?.[2] ?? "0"}`);
  return Number.isSafeInteger(Math.trunc(value)) ? value : undefined;
}
