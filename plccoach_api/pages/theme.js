// Light or dark: the person's choice, else the system's. No module, so that it runs before the page is drawn.
"use strict";
{
	const root = document.documentElement;
	const system = matchMedia("(prefers-color-scheme: dark)");
	const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
	if (localStorage.theme) root.dataset.theme = localStorage.theme;
	addEventListener("DOMContentLoaded", () => {
		const button = document.getElementById("theme");
		const label = () => {
			button.textContent = isDark() ? "Light" : "Dark";
			button.ariaLabel = `${button.textContent} theme`;
		};
		button.onclick = () => {
			root.dataset.theme = localStorage.theme = isDark() ? "light" : "dark";
			label();
		};
		label();
	});
}
