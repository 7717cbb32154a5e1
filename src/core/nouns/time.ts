/** A point in time or a length of time, in milliseconds (since the Unix epoch for a point). */
export type Ms = number;

export const second: Ms = 1_000;
export const minute: Ms = 60 * second;
export const hour: Ms = 60 * minute;
export const day: Ms = 24 * hour;
