// Applies the chosen theme before the first paint. This is a classic script, because a module would run after it.
(() => {
  const themes = ["auto", "light", "dark"];
  let theme;
  // Without storage, the choice lasts until the page is closed.
  try { theme = localStorage.getItem("portctl.theme"); } catch {}

  function show() {
    if (!themes.includes(theme)) theme = "auto";
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button) button.title = `Theme: ${theme}`;
  }

  show();
  document.addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme").addEventListener("click", () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try { localStorage.setItem("portctl.theme", theme); } catch {}
      show();
    });
  });
})();
