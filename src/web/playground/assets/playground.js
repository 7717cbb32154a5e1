import { openPhone } from "./phone.js";
import { setUpTabs } from "./tabs.js";
import { loadWords, setUpLanguages } from "./words.js";

const words = await loadWords();
const phones = ["telegram", "whatsapp"].map((name) => openPhone(name, words));
setUpTabs(phones.map(({ name }) => name));
setUpLanguages(words, {
  changed: () => {
    for (const phone of phones) phone.redraw();
  },
  spoken: (language) => {
    for (const phone of phones) phone.speak(language);
  },
});
// Hidden until now: nothing jumps while the words come and the page turns to its language's side.
document.body.hidden = false;
