/** E.164 behind the channel's prefix. */
const PHONE = /^whatsapp:\+[1-9]\d{6,14}$/;
/** Business-scoped user id: country, a full stop, up to 128 letters and digits. */
const USER_ID = /^whatsapp:[A-Z]{2}\.[A-Za-z0-9]{1,128}$/;

export function isPhoneAddress(address: string): boolean {
  return PHONE.test(address);
}

/** Tells whether an address is one that WhatsApp can have: a phone number, or a business-scoped user id. */
export function isAddress(address: string): boolean {
  return PHONE.test(address) || USER_ID.test(address);
}

/** Meta delivers no marketing templates to numbers of the North American plan (since April 2025). */
export function isNorthAmerican(address: string): boolean {
  return address.startsWith("whatsapp:+1") || address.startsWith("whatsapp:US.");
}
