import { describe, expect, it } from "vitest";
import { searchFaq } from "../../src/core/faq/search-faq.ts";
import { matchRedFlag } from "../../src/core/red-flags/match-red-flag.ts";
import { shippedContent } from "../core/shipped.ts";

const { program } = shippedContent();
const index = program.faq.index();

// What people write first, in words of their own: none of these stands among the phrasings.
describe("the first question of people in need finds its entry", () => {
  it.each([
    ["ways", "en", "how can me and my kids come to america from kabul"],
    ["ways", "fa-AF", "چطور با اولادهایم به امریکا آمده می‌توانم"],
    ["ways", "ps", "موږ امریکا ته څنګه تللی شو"],
    ["ways", "es", "cómo hago para ir a los estados unidos con mi familia"],
    ["who-qualifies", "en", "can i apply for parole i am from kabul"],
    ["processing-time", "fa-AF", "جواب پیرول چی وقت میاید"],
    ["what-is-sponsor", "ps", "ایا سپانسر حتمي دی؟"],
    ["re-parole", "es", "mi parole vence pronto cómo lo renuevo"],
    ["travel-ban", "fa-AF", "افغان ها را اجازه نمیدهند داخل امریکا شوند؟"],
    ["legal-help", "es", "cuanto me cobra un abogado"],
    ["stay-abroad", "fa-AF", "در ایران هستم ما را رد مرز میکنند"],
    ["stay-abroad", "en", "pakistan wants to send us back to afghanistan"],
    ["stay-abroad", "fa-AF", "پاکستان ما را به افغانستان پس می‌فرستد"],
    ["stay-abroad", "ps", "پاکستان مو بېرته افغانستان ته لېږي"],
    ["stay-abroad", "es", "el país donde espero me quiere devolver"],
    ["oaw", "en", "is humanitarian parole for afghans still open"],
    ["filing-fee", "en", "how much is the fee please"],
  ])("%s (%s): %s", (id, language, text) => {
    const { decision, entries } = searchFaq(index, text, language);
    expect(decision).not.toBe("abstain");
    expect(entries[0]).toBe(id);
  });
});

// "How much" is answered at once, however it is asked; the answer leads on to the second fee.
describe("what it costs is told without asking back", () => {
  it.each([
    ["en", "how much is the fee"],
    ["en", "how much i have to pay for parole application"],
    ["fa-AF", "هزینه پرول چند است"],
    ["fa-AF", "فیس پارول چقدر است"],
    ["fa-AF", "قیمت پرول چقدر شده"],
    ["ps", "د پیرول فیس څومره دی؟"],
    ["ps", "د پارول هزینه څومره ده"],
    ["es", "cuánto cuesta el parole"],
    ["es", "cuanto cuesta aplicar al parole"],
  ])("%s: %s", (language, text) => {
    const { decision, entries } = searchFaq(index, text, language);
    expect([decision, entries[0]]).toEqual(["answer", "filing-fee"]);
  });

  it.each([
    ["en", "parole fee"],
    ["fa-AF", "فیس پیرول"],
    ["ps", "parole fee"],
    ["es", "tarifa de parole"],
  ])("the words that the answer gives for the second fee lead to it, in %s: %s", (language, text) => {
    const { decision, entries } = searchFaq(index, text, language);
    expect([decision, entries[0]]).toEqual(["answer", "parole-grant-fee"]);
  });
});

describe("whether a lawyer is needed is told without asking back", () => {
  it.each([
    ["en", "do i need a lawyer to apply"],
    ["en", "is it must to have lawyer for parole"],
    ["fa-AF", "برای پارول به وکیل ضرورت دارم؟"],
    ["fa-AF", "خودم میتوانم درخواست بدهم یا وکیل لازم است"],
    ["ps", "ایا د پیرول لپاره وکیل ته اړتیا لرم؟"],
    ["ps", "وکیل پکار دی د پیرول لپاره"],
    ["es", "necesito un abogado para el parole"],
    ["es", "me hace falta abogado para el parole"],
  ])("%s: %s", (language, text) => {
    const { decision, entries, part } = searchFaq(index, text, language);
    expect([decision, entries[0], part]).toEqual(["answer", "legal-help", "need-lawyer"]);
  });

  it.each([
    ["en", "free lawyer near me"],
    ["fa-AF", "وکیل مجانی از کجا پیدا کنم"],
    ["ps", "وړیا وکیل چېرته پیدا کړم"],
    ["es", "donde consigo abogado gratis"],
  ])("but where to find one is the list of lawyers, in %s: %s", (language, text) => {
    const { entries, part } = searchFaq(index, text, language);
    expect([entries[0], part]).toEqual(["legal-help", undefined]);
  });
});

describe("a life in danger is heard", () => {
  it.each([
    "جانم در خطر است",
    "زندگی ام در خطر است",
    "ژوند مې په خطر کې دی",
    "کور کې مې طالبان دي",
    "mi vida corre peligro",
  ])("%s", (text) => {
    expect(matchRedFlag(program.redFlags.matcher, text)?.id).toBe("rf-danger");
  });

  it.each(["چطور ثابت کنم که جانم در خطر است", "how do i prove my life is in danger"])(
    "but not in %s",
    (text) => {
      expect(matchRedFlag(program.redFlags.matcher, text)?.id).not.toBe("rf-danger");
    },
  );
});
