// A voice is recorded in the page where the browser can; the server disguises it as it does any other.
const button = document.querySelector(".record");
const say = button?.dataset ?? {};

async function record() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    button.textContent = say.refused;
    button.disabled = true;
    return;
  }
  const label = button.textContent;
  const recorder = new MediaRecorder(stream);
  const parts = [];
  const begun = Date.now();
  const clock = setInterval(show, 1000);
  function show() {
    const seconds = Math.round((Date.now() - begun) / 1000);
    button.textContent = `${say.stop}  ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => {
    clearInterval(clock);
    for (const track of stream.getTracks()) track.stop();
    button.textContent = label;
    button.onclick = record;
    const content = new Blob(parts, { type: recorder.mimeType });
    document.dispatchEvent(new CustomEvent("xunsheng:file", { detail: { content, name: say.name } }));
  });
  button.onclick = () => recorder.stop();
  show();
  recorder.start(1000);
}

if (button && window.MediaRecorder && navigator.mediaDevices?.getUserMedia) {
  button.hidden = false;
  button.onclick = record;
}
