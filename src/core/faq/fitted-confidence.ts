/** Written by `npm run bench:faq -- --fit`: how sure a search is of what it found, and what is done then. */
export const fitted = {
  weights: {
    base: -3.116,
    odds: 0.668,
    outside: -0.077,
    lead: -0.022,
    coverage: -0.167,
    close: 1.081,
    closeLead: -0.316,
    known: 2.856,
    concepts: -0.143,
  },
  answerFrom: 0.88,
  suggestFrom: 0.26,
} as const;
