// The receipt code can be printed and copied with a press, where the browser does so.
for (const deeds of document.querySelectorAll(".receipt-deeds")) {
  const [print, copy] = deeds.querySelectorAll("button");
  const code = document.querySelector(".receipt code");
  print.addEventListener("click", () => window.print());
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      copy.textContent = deeds.dataset.copied;
    } catch {
      getSelection().selectAllChildren(code);
      copy.textContent = deeds.dataset.failed;
    }
  });
  deeds.hidden = false;
}
