/** On narrow screens one phone is shown at a time; the arrow keys move between the tabs. */
export function setUpTabs(names) {
  const tabs = names.map((name) => document.querySelector(`#tab-${name}`));
  const choose = (index) => {
    for (const [at, tab] of tabs.entries()) {
      const chosen = at === index;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      document.querySelector(`#${names[at]}`).classList.toggle("chosen", chosen);
    }
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(index));
    tab.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const next = (index + 1) % tabs.length;
      choose(next);
      tabs[next].focus();
    });
  }
  choose(0);
}
