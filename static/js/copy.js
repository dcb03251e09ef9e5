/** A link to plain text copies it; where that isn't possible it leads there, as without script. */
document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-copied]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const text = fetch(link.href).then((answer) => answer.ok ? answer.blob() : Promise.reject(answer));
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]); // at the tap, not after it: Safari asks for that
    link.textContent = link.dataset.copied ?? "";
    const live = document.getElementById("live");
    if (live) live.textContent = link.textContent;
  } catch {
    location.assign(link.href);
  }
});
