/** What is in `meta` of a copy until it has been put back and settled: when it was made (ms), as text. */
export const copyMark = "copy";

/** Why a row ended that waited when the copy was made. */
export const endedReason = "put-back";
