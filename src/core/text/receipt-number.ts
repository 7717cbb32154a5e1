import { latinDigits } from "../dates/digits.ts";
import { withoutBidiControls } from "../render/bidi.ts";

/** What a message holds where a receipt number is asked for: one, or something that comes near it. */
export type ReceiptReading =
  | { readonly kind: "receipt"; readonly number: string }
  | { readonly kind: "near" };

/** Three letters and ten digits, as USCIS prints them on a notice (I-797C); with gaps where people put them. */
const receipt = /(?<![A-Z0-9])([A-Z]{3})[\s#:.-]*((?:\d[\s.-]*){9}\d)(?![\s.-]*\d)/g;
/** Digits as long as a receipt number's, or letters before some. */
const near = /(?<![A-Z0-9])[A-Z]{2,4}[\s#:.-]*\d{4,}|\d(?:[\s.-]*\d){8,12}/;

/** Reads a receipt number in any digits, small letters too, alone or in a sentence; undefined when nothing is like one. */
export function readReceiptNumber(text: string): ReceiptReading | undefined {
  const plain = latinDigits(withoutBidiControls(text).normalize("NFKC")).toUpperCase();
  const [first, ...others] = plain.matchAll(receipt);
  if (first !== undefined && others.length === 0)
    return { kind: "receipt", number: `${first[1]}${(first[2] ?? "").replaceAll(/\D/g, "")}` };
  return first !== undefined || near.test(plain) ? { kind: "near" } : undefined;
}
