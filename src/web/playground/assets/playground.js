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
