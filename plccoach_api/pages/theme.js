// The choice between light and dark. This script is no module, because it runs before the page is drawn. Without a
// choice, the page follows the system.
"use strict";
(() => {
  const root = document.documentElement;
  const names = { light: "Light", dark: "Dark" };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = (theme) => {
    if (theme in names) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  apply(localStorage.getItem("theme"));
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) return;
    const other = () => ((root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark" ? "light" : "dark");
    const label = () => {
      button.textContent = names[other()];
      button.setAttribute("aria-label", `${names[other()]} theme`);
    };
    button.addEventListener("click", () => {
      const theme = other();
      localStorage.setItem("theme", theme);
      apply(theme);
      label();
    });
    system.addEventListener("change", label);
    label();
  });
})();
