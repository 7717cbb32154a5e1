import type { Json } from "../core/flow/source.ts";
import { checkKey, Gauge, type Mark, Refusal, type Understood } from "./refusal.ts";

const space = /[ \t\r\n]*/y;
/** A quote, a backslash, or a control character (what comes before the space). */
const stringStop = /["\\]|[^ -\uffff]/g;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const word = /[A-Za-z_]\w*/y;
const words: ReadonlyMap<string, Json> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * Reads strict JSON (RFC 8259) with the places of its parts. `JSON.parse` knows neither places nor doubled keys.
 * Throws a Refusal at the first thing that is wrong.
 */
export function readJson(text: string): Understood {
  return new JsonReader(text).document();
}

class JsonReader {
  readonly #text: string;
  readonly #gauge = new Gauge();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Understood {
    this.#skip();
    if (this.#at === this.#text.length) throw new Refusal(0, "the file is empty", "write `{}` at least");
    const read = this.#value(this.#at, 0);
    this.#skip();
    if (this.#at < this.#text.length) {
      throw this.#refuse("something follows after the end", "remove it, or correct the brackets before it");
    }
    return read;
  }

  #value(markAt: number, depth: number): Understood {
    const first = this.#text[this.#at];
    const level = first === "{" || first === "[" ? depth + 1 : depth;
    this.#gauge.count(this.#at, level);
    if (first === "{") return this.#object(markAt, level);
    if (first === "[") return this.#list(markAt, level);
    return { data: first === '"' ? this.#string() : this.#scalar(), mark: { at: markAt } };
  }

  #object(markAt: number, depth: number): Understood {
    const inside = new Map<string, Mark>();
    const data: Record<string, Json> = {};
    this.#members("}", () => {
      const keyAt = this.#at;
      const key = this.#key();
      checkKey(key, keyAt, inside);
      const value = this.#value(keyAt, depth);
      inside.set(key, value.mark);
      data[key] = value.data;
    });
    return { data, mark: { at: markAt, inside } };
  }

  #list(markAt: number, depth: number): Understood {
    const inside = new Map<string, Mark>();
    const data: Json[] = [];
    this.#members("]", () => {
      const value = this.#value(this.#at, depth);
      inside.set(String(data.length), value.mark);
      data.push(value.data);
    });
    return { data, mark: { at: markAt, inside } };
  }

  /** What stands between brackets, divided by commas. */
  #members(close: "}" | "]", member: () => void): void {
    const open = this.#at;
    this.#at += 1;
    this.#skip();
    if (this.#take(close)) return;
    for (;;) {
      member();
      const end = this.#at;
      this.#skip();
      if (this.#take(close)) return;
      if (!this.#take(",")) throw this.#missing(close, open, end);
      this.#skip();
      if (this.#text[this.#at] === close) {
        throw new Refusal(end, `a comma stands before the closing \`${close}\``, "remove that comma");
      }
    }
  }

  #missing(close: string, open: number, end: number): Refusal {
    if (this.#at === this.#text.length) {
      return new Refusal(open, "this bracket is never closed", `write \`${close}\` where it ends`);
    }
    if (this.#isComment()) return this.#comment();
    // A word right behind a closing quote: that quote stands inside the text.
    if (this.#text[end - 1] === '"' && /\p{L}/u.test(this.#text.slice(end, end + 1)))
      return new Refusal(
        end,
        "this text goes on after its closing quote",
        'write `\\"` for a quote inside a text',
      );
    return new Refusal(end, `a comma or \`${close}\` is missing here`, "write it after this value");
  }

  #key(): string {
    if (this.#text[this.#at] !== '"') {
      if (this.#isCurly()) throw this.#curly();
      throw this.#isComment()
        ? this.#comment()
        : this.#refuse("a key in double quotes is missing", 'write it like "name": "text"');
    }
    const key = this.#string();
    this.#skip();
    if (!this.#take(":")) throw this.#refuse(`a colon is missing after the key \`${key}\``, "write `:`");
    this.#skip();
    return key;
  }

  #string(): string {
    const start = this.#at;
    let escaped = false;
    for (stringStop.lastIndex = start + 1; ; ) {
      const stop = stringStop.exec(this.#text);
      if (stop?.[0] === "\\") {
        escaped = true;
        stringStop.lastIndex = stop.index + 2;
      } else if (stop?.[0] === '"') {
        this.#at = stop.index + 1;
        return escaped
          ? unescaped(this.#text.slice(start, this.#at), start)
          : this.#text.slice(start + 1, stop.index);
      } else {
        throw new Refusal(
          start,
          "this text has no closing quote on its line",
          'write `"` at its end, and `\\n` for a new line',
        );
      }
    }
  }

  #scalar(): Json {
    number.lastIndex = this.#at;
    const digits = number.exec(this.#text);
    if (digits !== null && Number.isFinite(Number(digits[0]))) {
      this.#at = number.lastIndex;
      return Number(digits[0]);
    }
    word.lastIndex = this.#at;
    const value = words.get(word.exec(this.#text)?.[0] ?? "");
    if (value === undefined) throw this.#noValue();
    this.#at = word.lastIndex;
    return value;
  }

  #noValue(): Refusal {
    if (this.#isComment()) return this.#comment();
    if (this.#isCurly()) return this.#curly();
    return this.#refuse(
      "there is no value here that JSON knows",
      "write a text in double quotes, a number, true, false, null, `{…}` or `[…]`",
    );
  }

  #isComment(): boolean {
    return this.#text[this.#at] === "/" || this.#text[this.#at] === "#";
  }

  #isCurly(): boolean {
    return /[“”„‘’«]/.test(this.#text[this.#at] ?? "");
  }

  #curly(): Refusal {
    return this.#refuse("these are not the quotes of JSON", 'write straight ones: "');
  }

  #comment(): Refusal {
    return this.#refuse("JSON has no comments", "remove it");
  }

  #refuse(what: string, mend: string): Refusal {
    return new Refusal(this.#at, what, mend);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    space.lastIndex = this.#at;
    space.exec(this.#text);
    this.#at = space.lastIndex;
  }
}

function unescaped(quoted: string, at: number): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new Refusal(
      at,
      "a backslash is followed by something JSON doesn't know",
      "write `\\\\` for a backslash",
    );
  }
}
