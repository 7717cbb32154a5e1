/** Written by `npm run bench:faq -- --fit`: how sure a search is of what it found, and what is done then. */
export const fitted = {
  weights: {
    base: -3.049,
    odds: 0.634,
    outside: -0.082,
    lead: 0.027,
    coverage: -0.167,
    close: 1.07,
    closeLead: -0.338,
    known: 2.659,
    concepts: -0.139,
  },
  answerFrom: 0.86,
  suggestFrom: 0.26,
} as const;
