// "Leave quickly": what is on the screen goes at once, and the way back leads elsewhere.
for (const link of document.querySelectorAll("a.leave")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.hidden = true;
    document.title = "";
    for (const form of document.forms) form.reset();
    for (const field of document.querySelectorAll("textarea, input")) field.value = "";
    location.replace(link.href);
  });
}
// A page that the browser kept whole is asked for anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
