import { generateKeyPairSync, sign } from "node:crypto";

/** Both as PEM. */
export type Certificate = { readonly certificate: string; readonly key: string };

/** Makes a key and a certificate for a host that nobody but itself has signed, good until `until`. */
export function selfSigned(host: string, until = new Date(Date.UTC(2049, 11, 31))): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(set(sequence(objectId(85, 4, 3), tagged(0x0c, Buffer.from(host)))));
  // ecdsa-with-SHA256
  const algorithm = sequence(objectId(42, 134, 72, 206, 61, 4, 3, 2));
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(new Date(Date.UTC(2000, 0, 1))), time(until)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  return {
    certificate: pem("CERTIFICATE", sequence(body, algorithm, signature)),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const lengths = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...lengths]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const set = (part: Buffer): Buffer => tagged(0x31, part);
/** By the bytes that it is written in. */
const objectId = (...bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));

/** YYMMDDhhmmssZ, which is read as a year between 1950 and 2049. */
function time(at: Date): Buffer {
  return tagged(
    0x17,
    Buffer.from(
      at
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, "")
        .slice(2),
    ),
  );
}

function pem(what: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").replaceAll(/(.{64})/g, "$1\n");
  return `-----BEGIN ${what}-----\n${lines}\n-----END ${what}-----\n`;
}
