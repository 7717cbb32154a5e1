/** Written by `npm run bench:faq -- --fit`: how sure a search is of what it found, and what is done then. */
export const fitted = {
  weights: {
    base: -3.47,
    odds: 0.302,
    outside: -0.185,
    lead: 0.391,
    coverage: 0.111,
    close: 0.66,
    closeLead: 1.21,
    known: 1.809,
    concepts: 0.122,
  },
  answerFrom: 0.84,
  suggestFrom: 0.23,
} as const;
