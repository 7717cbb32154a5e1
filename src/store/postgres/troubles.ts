/** A trouble of the store as a whole: its name for those who watch, and what to do about it. */
export type Trouble = {
  readonly name: string;
  readonly advice: string;
  /** What to do where it kept the store from being opened: then nothing goes on by itself. */
  readonly atStart?: string;
};

const trouble = (name: string, advice: string, atStart?: string): Trouble =>
  atStart === undefined ? { name, advice } : { name, advice, atStart };

const unknownHost = "the host can't be reached: correct it in DATABASE_URL, or mend the network";
const untrusted =
  "nobody whom this machine trusts has signed its certificate: name its authority's file in DATABASE_URL (sslrootcert=…)";
const outOfDate =
  "its certificate has expired or is not valid yet: renew it, or set the clock of this machine right";
const badFile =
  "a file that DATABASE_URL names (sslrootcert, sslcert, sslkey) can't be read, or is no certificate or key: correct it";
const badAddress =
  "it can't be used as it is written: correct DATABASE_URL, postgres://user:password@host:5432/database";

/** Stands for a code where an address can't be used as it is written. */
export const asWritten = "as-written";

/** The connection died before an answer came. */
export const lost = trouble(
  "lost",
  "the connection was lost; it goes on by itself",
  "the connection was closed: see that it is a PostgreSQL that listens there, and try again",
);

/** What the driver throws without a code → a name that stands for one. */
export const driverWords: ReadonlyMap<string, string> = new Map([
  ["Connection terminated", "lost"],
  ["not queryable", "lost"],
  ["Query read timeout", "lost"],
  ["timeout exceeded", "all-busy"],
  ["timeout expired", "no-answer"],
  ["client password must be a", "no-password"],
  ["SASL", "sasl"],
  ["not support SSL", "no-tls"],
  ["establishing an SSL connection", "no-tls"],
]);

/** SQLSTATE, the network's code, or one of the names above → what to do; by the whole code, else by its class. */
export const troubles: ReadonlyMap<string, Trouble> = new Map([
  [
    "ECONNREFUSED",
    trouble("unreachable", "no PostgreSQL answers there: start it, or correct host and port in DATABASE_URL"),
  ],
  ["ENOTFOUND", trouble("unreachable", "the host name is unknown: correct it in DATABASE_URL")],
  [
    "EAI_AGAIN",
    trouble(
      "unreachable",
      "the host name can't be looked up now: correct it in DATABASE_URL, or mend the network",
    ),
  ],
  ["ENOENT", trouble("unreachable", "there is no such socket: start PostgreSQL, or correct DATABASE_URL")],
  ["EACCES", trouble("unreachable", "this user may not use the socket: correct its mode or DATABASE_URL")],
  ["EHOSTUNREACH", trouble("unreachable", unknownHost)],
  ["ENETUNREACH", trouble("unreachable", unknownHost)],
  [
    "no-answer",
    trouble(
      "unreachable",
      "nothing answers there: correct host and port in DATABASE_URL, or look for a firewall between",
    ),
  ],
  [
    "all-busy",
    trouble(
      "all-busy",
      "all of this process's connections are at work and none was free in time: look at its load, at the network, and for long transactions",
    ),
  ],
  [asWritten, trouble("address", badAddress)],
  ["ERR_INVALID_URL", trouble("address", badAddress)],
  [
    "no-tls",
    trouble(
      "tls",
      "DATABASE_URL asks for TLS (sslmode) and it speaks none: turn it on there, or leave sslmode out where nobody can listen between",
    ),
  ],
  ["tls-file", trouble("tls", badFile)],
  ["EISDIR", trouble("tls", badFile)],
  ["ERR_OSSL", trouble("tls", badFile)],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", trouble("tls", untrusted)],
  ["SELF_SIGNED_CERT_IN_CHAIN", trouble("tls", untrusted)],
  ["UNABLE_TO_GET_ISSUER_CERT", trouble("tls", untrusted)],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", trouble("tls", untrusted)],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", trouble("tls", untrusted)],
  ["CERT_HAS_EXPIRED", trouble("tls", outOfDate)],
  ["CERT_NOT_YET_VALID", trouble("tls", outOfDate)],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    trouble("tls", "its certificate is for another host: write the name that stands in it into DATABASE_URL"),
  ],
  ["ERR_TLS", trouble("tls", "no TLS comes about: look at sslmode in DATABASE_URL, and into its log")],
  ["ERR_SSL", trouble("tls", "no TLS comes about: look at sslmode in DATABASE_URL, and into its log")],
  [
    "no-password",
    trouble(
      "wrong-password",
      "it asks for a password and DATABASE_URL has none: write postgres://user:password@host:5432/database",
    ),
  ],
  ["28P01", trouble("wrong-password", "the user name or the password is wrong: correct it in DATABASE_URL")],
  [
    "sasl",
    trouble(
      "not-admitted",
      "it checks passwords in a way that is not known here: set password_encryption = 'scram-sha-256' and the password anew",
    ),
  ],
  [
    "28",
    trouble(
      "not-admitted",
      "it does not let this user in from here: correct the user in DATABASE_URL, or what pg_hba.conf says of user, host and TLS",
    ),
  ],
  [
    "3D000",
    trouble("no-database", "there is no such database: create it, or correct its name in DATABASE_URL"),
  ],
  [
    "42501",
    trouble("no-right", "the user lacks a right: make it the owner of the database and of what is in it"),
  ],
  [
    "42P07",
    trouble(
      "not-empty",
      "something in it has the name of one of parwana's tables: name a database for parwana alone in DATABASE_URL",
    ),
  ],
  [
    "25006",
    trouble("read-only", "the database is read-only: it may be a standby; name the primary in DATABASE_URL"),
  ],
  ["53100", trouble("disk-full", "the database's disk is full: free some space and it goes on by itself")],
  ["53200", trouble("no-memory", "the database has no memory left")],
  [
    "53300",
    trouble(
      "no-connection",
      "the database has no connection free: raise max_connections, or run fewer processes",
    ),
  ],
  ["53", trouble("short", "the database is short of something: look into its log")],
  [
    "57P",
    trouble(
      "restarting",
      "the database is starting, stopping or closed this connection: it goes on by itself when it is back",
      "the database is starting, stopping or closed this connection: try again when it is there",
    ),
  ],
  ["55P03", trouble("locked", "something held a lock too long: look for long transactions in the database")],
  ["57014", trouble("slow", "the database took too long: look at its load and its log")],
  ["58", trouble("io-error", "the database reports an input/output error: its disk may be full or failing")],
  [
    "XX",
    trouble("damaged", "the database reports that it is damaged: look into its log, restore the last backup"),
  ],
]);
