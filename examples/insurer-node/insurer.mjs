// A small insurer in Node.js, without any package: `node insurer.mjs --letter letter.json
// --port 8920 --store records`. One address for each push, the actions, a look at the records.
import crypto from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import { parseArgs } from "node:util";
import { CannotAct, makeActions } from "./actions.mjs";
import { NoticeRefused, Notices, PDF_LIMIT } from "./notices.mjs";
import { Platform, Refused } from "./platform.mjs";
import { Store } from "./store.mjs";

const BODY_LIMIT = PDF_LIMIT + 1024 * 1024;
const OPTIONS = { letter: {}, port: { default: "8920" }, store: { default: "records" } };
const named = Object.entries(OPTIONS).map(([name, more]) => [name, { type: "string", ...more }]);
const given = parseArgs({ options: Object.fromEntries(named) }).values;

const letter = JSON.parse(fs.readFileSync(given.letter, "utf8"));
const store = new Store(given.store);
const platform = new Platform(letter);
const notices = new Notices(letter, crypto.createPrivateKey(letter.rsa_sk.pem), store, platform);
const actions = makeActions(letter, store, platform, notices);

/** Read a request's body; null where it is too large, which is read to its end all the same. */
async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= BODY_LIMIT) parts.push(part);
  }
  return size > BODY_LIMIT ? null : Buffer.concat(parts);
}

/** Read a form, multipart or not; a body that is none is an empty one. */
async function formOf(request, body) {
  try {
    const headers = { "content-type": request.headers["content-type"] ?? "" };
    return await new Response(body, { headers }).formData();
  } catch {
    return new FormData();
  }
}

const paramOf = (form) => (typeof form.get("param") === "string" ? form.get("param") : "");

/** Return the handler of a notice: acknowledged once it is handled, refused by `NoticeRefused`. */
const notice = (handle) => async (form) => {
  await handle.call(notices, notices.opened(paramOf(form)));
  return { status: 200 };
};

const PUSHES = {
  "/order-status": notice(notices.orderStatus),
  "/invoice": notice(notices.invoice),
  "/bid-opening": notice(notices.bidOpening),
  "/claim": notice(notices.claim),
  "/query": (form) => ({ status: 200, data: notices.query(notices.opened(paramOf(form))) }),
  async "/verify"(form) {
    const said = notices.opened(paramOf(form), 2606, 2607);
    const file = form.get("guarantee_pdf");
    const pdf = file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : null;
    return { status: 200, data: notices.verify(said, pdf) };
  },
};

const escaped = (words) => String(words).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The page to which the principal's browser is sent (2.1); a forged jump reads nothing. */
async function orderPage(form) {
  let said;
  try {
    said = notices.opened(paramOf(form));
  } catch (error) {
    if (!(error instanceof NoticeRefused)) throw error;
    return [400, "<p>请求无效，请从保函服务平台重新进入。</p>"];
  }
  const order = said.order_no && (await notices.lookUp(said.order_no));
  const shown = order ? `${order.order_no} ${order.block_name} ${order.status}` : "暂无订单信息";
  const back = /^https?:/.test(said.return_url ?? "") ? said.return_url : "/";
  return [200, `<p>${escaped(shown)}</p><p><a href="${escaped(back)}">返回保函服务平台</a></p>`];
}

async function push(handle, request) {
  const body = await bodyOf(request);
  if (body === null) return { status: 2603, data: "保函文件过大" };
  try {
    return await handle(await formOf(request, body));
  } catch (error) {
    if (!(error instanceof NoticeRefused)) throw error;
    console.log(`refused ${request.url}: ${error.status} ${error.data}`);
    return { status: error.status, data: error.data };
  }
}

/** Let the insurer act; 409 is the platform's refusal, 502 its silence. */
async function act(name, request) {
  if (!Object.hasOwn(actions, name)) return [404, { status: 404, data: "no such action" }];
  try {
    const body = JSON.parse((await bodyOf(request))?.toString() || "{}");
    return [200, { status: 200, data: await actions[name](body) }];
  } catch (error) {
    if (error instanceof Refused) return [409, { status: error.code, data: error.data }];
    const status = error instanceof CannotAct ? 400 : 502;
    return [status, { status, data: error.message }];
  }
}

/** Tell how many records of a kind a key names, in a status if one is asked for. */
function records([kind, ...key], search) {
  if (!store.kinds.has(kind)) return [404, { status: 404 }];
  const count = store.count(kind, decodeURIComponent(key.join("/")), search.get("status"));
  return [200, { count }];
}

/** Return the HTTP status and what is answered: a page, or an object for JSON. */
async function answer(request) {
  const [path, search] = request.url.split("?");
  const [, first, ...rest] = path.split("/");
  if (request.method === "GET" && first === "records") {
    return records(rest, new URLSearchParams(search));
  }
  if (request.method !== "POST") return [405, { status: 404, data: "POST only" }];
  if (first === "actions") return act(rest.join("/"), request);
  if (first === "order-page") return orderPage(await formOf(request, await bodyOf(request)));
  const handle = Object.hasOwn(PUSHES, `/${first}`) && PUSHES[`/${first}`];
  return handle ? [200, await push(handle, request)] : [404, { status: 404, data: "no such page" }];
}

const server = http.createServer(async (request, response) => {
  let status, said;
  try {
    [status, said] = await answer(request);
  } catch (error) {
    console.error(error);
    [status, said] = [500, { status: 404, data: "失败" }]; // never a stack trace
  }
  const page = typeof said === "string";
  response.writeHead(status, {
    "Content-Type": page ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
  });
  response.end(page ? `<!doctype html><meta charset="utf-8">${said}` : JSON.stringify(said));
});

server.listen(Number(given.port), "127.0.0.1", () => {
  console.log(`${letter.company}: http://127.0.0.1:${given.port}`);
});
