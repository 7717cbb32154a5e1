// Arrays go to the server in its binary format: as text, bytes take twice the room and every element is written, escaped and
// read once more on either side. https://www.postgresql.org/docs/current/protocol-overview.html, and `array_recv` in its
// source: dimensions, whether there are nulls, the elements' type, length and first index, then each element after its length.

/** Bytes that grow as they are written. The same memory serves every statement: what is given out is a copy. */
class Scratch {
  #bytes = Buffer.allocUnsafe(16 * 1024);
  at = 0;

  /** The bytes, with room for so many more behind `at`. */
  room(more: number): Buffer {
    if (this.at + more > this.#bytes.length) {
      const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.at + more));
      this.#bytes.copy(wider, 0, 0, this.at);
      this.#bytes = wider;
    }
    return this.#bytes;
  }

  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.at));
  }
}

/** A type of elements: its id in every PostgreSQL (`pg_type.dat`), and how one is written behind its length; gives its bytes. */
type Element = { readonly oid: number; readonly write: (value: unknown, to: Scratch) => number };

const two32 = 2 ** 32;

function writeBigint(value: number, at: number, to: Buffer): void {
  const high = Math.floor(value / two32);
  to.writeInt32BE(high, at);
  to.writeUInt32BE(value - high * two32, at + 4);
}

const wholeBig = whole(8, writeBigint);

function whole(bytes: 2 | 4 | 8, write: (value: number, at: number, to: Buffer) => void): Element["write"] {
  return (value, to) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value))
      throw new TypeError("an array of whole numbers holds something else");
    write(value, to.at, to.room(bytes));
    return bytes;
  };
}

const elements: Readonly<Record<string, Element>> = {
  smallint: { oid: 21, write: whole(2, (value, at, to) => to.writeInt16BE(value, at)) },
  integer: { oid: 23, write: whole(4, (value, at, to) => to.writeInt32BE(value, at)) },
  bigint: {
    oid: 20,
    // The keys of locks have all 64 bits.
    write: (value, to) => {
      if (typeof value !== "bigint") return wholeBig(value, to);
      to.room(8).writeBigInt64BE(value, to.at);
      return 8;
    },
  },
  boolean: {
    oid: 16,
    write: (value, to) => {
      if (typeof value !== "boolean") throw new TypeError("an array of booleans holds something else");
      to.room(1).writeUInt8(Number(value), to.at);
      return 1;
    },
  },
  text: {
    oid: 25,
    write: (value, to) => {
      if (typeof value !== "string") throw new TypeError("an array of texts holds something else");
      // A UTF-16 unit takes at most three bytes.
      return to.room(value.length * 3).write(value, to.at);
    },
  },
  bytea: {
    oid: 17,
    write: (value, to) => {
      if (!(value instanceof Uint8Array)) throw new TypeError("an array of bytes holds something else");
      to.room(value.length).set(value, to.at);
      return value.length;
    },
  },
};

type Statement = { readonly text: string };

/** By statement, what type of array each of its values is declared as (`$1::bigint[]`). */
const declared = new WeakMap<Statement, readonly (Element | undefined)[]>();

function declaredIn(statement: Statement): readonly (Element | undefined)[] {
  const known = declared.get(statement);
  if (known !== undefined) return known;
  const types: (Element | undefined)[] = [];
  for (const [, place, type = ""] of statement.text.matchAll(/\$(\d+)::(\w+)\[\]/g))
    types[Number(place) - 1] = elements[type];
  declared.set(statement, types);
  return types;
}

const scratch = new Scratch();

/**
 * A statement's values with each array in binary whose type the statement's text declares; the others as they are. Throws a
 * TypeError where an array holds what is not of its type; null and undefined are NULL in all.
 */
export function inBinary(statement: Statement, values: readonly unknown[]): unknown[] {
  const types = declaredIn(statement);
  return values.map((value, index) => {
    const element = types[index];
    return element === undefined || !Array.isArray(value) ? value : arrayOf(element, value);
  });
}

function arrayOf({ oid, write }: Element, values: readonly unknown[]): Buffer {
  const some = values.length > 0;
  scratch.at = 0;
  putInt32(some ? 1 : 0);
  const nulls = values.some((value) => value === undefined || value === null);
  putInt32(Number(nulls));
  putInt32(oid);
  if (some) {
    putInt32(values.length);
    putInt32(1);
  }
  for (const value of values) put(write, value);
  return scratch.copy();
}

function put(write: Element["write"], value: unknown): void {
  const lengthAt = scratch.at;
  putInt32(-1);
  if (value === undefined || value === null) return;
  const length = write(value, scratch);
  scratch.at += length;
  scratch.room(0).writeInt32BE(length, lengthAt);
}

function putInt32(value: number): void {
  scratch.room(4).writeInt32BE(value, scratch.at);
  scratch.at += 4;
}
