/** The page's own words, in the language that is chosen for it. */

const memory = "parwana.page-language";
const rightToLeft = new Set(["ar", "fa", "ps", "ur"]);
const isRightToLeft = (language) => rightToLeft.has(language.split("-")[0]);

/** Fetches the words of all languages and picks the one that the browser asks for. */
export async function loadWords() {
  const answer = await fetch("/playground/words");
  const all = await answer.json();
  const words = {
    all,
    language: firstLanguage(Object.keys(all)),
    /** The word of that key in the page's language. */
    of: (key) => all[words.language]?.[key] ?? all.en?.[key] ?? key,
    /** For Intl: browsers that know no Pashto write its times as in Dari. */
    locales: () => [words.language, isRightToLeft(words.language) ? "fa-AF" : "en"],
  };
  return words;
}

function firstLanguage(languages) {
  const wanted = [sessionStorage.getItem(memory), ...navigator.languages].filter((tag) => tag !== null);
  for (const tag of wanted) {
    const main = tag.split("-")[0];
    const found = languages.find((one) => one === tag) ?? languages.find((one) => one.split("-")[0] === main);
    if (found !== undefined) return found;
  }
  return "en";
}

/** Fills every element below `root` that names its words. */
export function fillWords(root, words) {
  for (const element of root.querySelectorAll("[data-words]")) {
    element.textContent = words.of(element.dataset.words);
  }
  for (const element of root.querySelectorAll("[data-words-label]")) {
    element.setAttribute("aria-label", words.of(element.dataset.wordsLabel));
    if (element.matches("button")) element.title = words.of(element.dataset.wordsLabel);
  }
  for (const element of root.querySelectorAll("[data-words-placeholder]")) {
    element.placeholder = words.of(element.dataset.wordsPlaceholder);
  }
}

/** Makes the choice of the page's language, and the buttons that say a language's name in the phones. */
export function setUpLanguages(words, { changed, spoken }) {
  const select = document.querySelector("#page-language");
  const speak = document.querySelector("#speak");
  const show = () => {
    document.documentElement.lang = words.language;
    document.documentElement.dir = isRightToLeft(words.language) ? "rtl" : "ltr";
    fillWords(document, words);
    document.title = words.of("title");
    changed();
  };
  for (const [language, { name }] of Object.entries(words.all)) {
    const option = new Option(name, language, false, language === words.language);
    option.lang = language;
    select.append(option);
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: name, lang: language, dir: "auto" });
    button.addEventListener("click", () => spoken(name));
    speak.append(button);
  }
  select.addEventListener("change", () => {
    words.language = select.value;
    sessionStorage.setItem(memory, select.value);
    show();
  });
  show();
}
