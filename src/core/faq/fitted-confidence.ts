/** Written by `npm run bench:faq -- --fit`: how sure a search is of what it found, and what is done then. */
export const fitted = {
  weights: {
    base: -3.559,
    odds: 0.625,
    outside: -0.098,
    lead: 0.137,
    coverage: -0.255,
    close: 0.762,
    closeLead: 0.473,
    known: 3.008,
    concepts: 0.066,
  },
  answerFrom: 0.85,
  suggestFrom: 0.25,
} as const;
