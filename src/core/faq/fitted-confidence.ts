/** Written by `npm run bench:faq -- --fit`: how sure a search is of what it found, and what is done then. */
export const fitted = {
  weights: {
    base: -2.98,
    odds: 0.657,
    outside: -0.082,
    lead: 0.01,
    coverage: -0.255,
    close: 1.236,
    closeLead: -0.381,
    known: 2.714,
    concepts: -0.155,
  },
  answerFrom: 0.88,
  suggestFrom: 0.26,
} as const;
