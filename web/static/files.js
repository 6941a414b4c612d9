// Each file goes by itself, again and again on a bad line; the server takes it once. Photos are made smaller first,
// which also leaves behind what a camera wrote into them. Without this module the form sends the files itself.
const MAX_BYTES = 20 * 2 ** 20;
const MAX_SIDE = 2000; // pixels
const PAUSES = [1, 2, 4, 8, 16, 30]; // seconds before each further try

const box = document.querySelector(".files");
const form = box?.closest("form");
const list = box?.querySelector(".queue");
const say = box?.dataset ?? {};
const waiting = [];
let running = null;
let hasSent = false;

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    return made ?? file;
  } catch {
    return file; // the browser does not know this kind; the server does
  }
}

function send(item) {
  return new Promise((done) => {
    const body = new FormData();
    body.append("form", form.elements.form.value);
    if (hasSent) body.append("goes_on", "1");
    body.append("file", item.content, "1");
    const request = new XMLHttpRequest();
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) item.bar.value = event.loaded / event.total;
    };
    request.onloadend = () => done(request.status);
    request.open("POST", form.action);
    request.setRequestHeader("X-Piece", "1"); // answered without a page
    request.send(body);
  });
}

const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

async function bring(item) {
  for (const seconds of [0, ...PAUSES]) {
    if (seconds) {
      item.note.textContent = say.again;
      await pause(seconds);
    }
    item.note.textContent = say.waiting;
    const status = await send(item);
    if (status >= 200 && status < 300) return true;
    if (status === 413 || status === 415 || status === 400) break;
  }
  return false;
}

function failed(item, reason) {
  item.note.textContent = reason;
  item.bar.remove();
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = say.retry;
  again.addEventListener("click", () => {
    item.row.remove();
    add(item.content, item.name);
    start();
  });
  item.row.append(again);
}

async function work() {
  while (waiting.length) {
    const item = waiting.shift();
    item.content = await smaller(item.content);
    if (item.content.size > MAX_BYTES) {
      failed(item, say.tooLarge);
    } else if (await bring(item)) {
      hasSent = true;
      item.note.textContent = say.taken;
      item.bar.value = 1;
    } else {
      failed(item, say.failed);
    }
  }
}

function start() {
  running ??= work().finally(() => (running = null));
  return running;
}

function add(content, name) {
  const row = document.createElement("li");
  const bar = document.createElement("progress");
  const label = document.createElement("span");
  const note = document.createElement("span");
  label.textContent = name;
  note.className = "note";
  bar.setAttribute("aria-label", name);
  bar.value = 0;
  row.append(label, bar, note);
  list.append(row);
  waiting.push({ content, name, row, bar, note });
  if (say.atOnce === "yes") start();
}

if (box) {
  document.documentElement.classList.add("js");
  for (const input of box.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      for (const file of input.files) add(file, file.name);
      input.value = "";
    });
  }
  document.addEventListener("xunsheng:file", (event) => add(event.detail.content, event.detail.name));
  let isReady = false;
  const goOn = () => {
    isReady = true;
    if (!hasSent) return;
    const goesOn = document.createElement("input");
    goesOn.type = "hidden";
    goesOn.name = "goes_on";
    goesOn.value = "1";
    form.prepend(goesOn);
  };
  form.addEventListener("submit", async (event) => {
    if (isReady) return;
    if (!waiting.length && !running) {
      goOn();
      return;
    }
    event.preventDefault();
    const pressed = event.submitter;
    await start();
    await pause(0); // no form is submitted while its submit event is still on its way
    goOn();
    form.requestSubmit(pressed);
  });
}
