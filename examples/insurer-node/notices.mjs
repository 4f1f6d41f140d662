// The platform's notices and questions: opened, checked against what we know, then remembered.
import { CannotOpen, isSigned, open, sha256, text } from "./protocol.mjs";
import { isOurs, isPdf } from "./pdf.mjs";
import { Refused, Unreachable } from "./platform.mjs";

export const PDF_LIMIT = 10 * 1024 * 1024;
const FAILED = 404;
const NAMES = ["block_number", "block_name", "principal", "creditor"];
// How far an order has come (5.4), and a claim (5.7): both only ever move forward.
const ORDER = {
  WAIT_TUNE_UP: 0, WAIT_SUBMIT_TUNE_UP: 0, WAIT_OFFER: 1, WAIT_PAY: 2,
  WAIT_OUT_GUARANTEE: 3, HAS_OUT_GUARANTEE: 4, FINISH: 5, CANCEL: 9,
};
const CLAIM = {
  WAIT_ACCEPT: 0, INVESTIGATING: 1, WAIT_INDEMNITY: 2,
  FINISH_INDEMNITY: 3, REFUSE_INDEMNITY: 3, REVOKED: 3,
};

/** A push is refused; `status` and `data` are the answer. */
export class NoticeRefused extends Error {
  constructor(status, data) {
    super(data);
    this.status = status;
    this.data = data;
  }
}

const refuse = (data, status = FAILED) => {
  throw new NoticeRefused(status, data);
};

export class Notices {
  constructor(letter, privateKey, store, platform) {
    Object.assign(this, { letter, privateKey, store, platform });
  }

  /** Decrypt a push and verify its sign, in this order (注意事项 4); return what it says. */
  opened(param, cannotOpen = 1000, wrongSign = 1001) {
    let said;
    try {
      said = open(param, this.privateKey);
    } catch (error) {
      if (error instanceof CannotOpen) refuse("解密失败", cannotOpen);
      throw error;
    }
    if (!isSigned(said, this.letter.api_secret)) refuse("验签失败", wrongSign);
    return Object.fromEntries(Object.entries(said).map(([name, value]) => [name, text(value)]));
  }

  // Orders as 2.3 has them.

  /** Read an order by 2.3 and store it: the platform's word counts. */
  async refresh(order_no) {
    for (;;) {
      const before = this.store.get("orders", order_no);
      const data = await this.platform.call("insurer_get_guarantee_info", { order_no });
      if (data?.order_no !== order_no) throw new Unreachable("2.3 answered with another order");
      // A notice may have come in while we asked; then the answer may be the older news.
      if (this.store.get("orders", order_no) !== before) continue;
      const parties = Object.fromEntries(NAMES.map((name) => [name, text(data[name])]));
      const record = { order_no, status: data.order_status, ...parties, data };
      return this.store.put("orders", order_no, record);
    }
  }

  async lookUp(order_no) {
    const late = new Promise((resolve) => setTimeout(resolve, 3000).unref());
    return Promise.race([this.refresh(order_no).catch(() => undefined), late]);
  }

  refreshLater(order_no) {
    setImmediate(() => this.refresh(order_no).catch((error) => console.log(`2.3: ${error}`)));
  }

  /** Return the order if what a notice says of it is true; else it is a 假通知. */
  async fitting(order_no, said, names) {
    const fits = (order) => order && names.every((name) => order[name] === said[name]);
    const known = this.store.get("orders", order_no);
    if (fits(known)) return known;
    const now = await this.lookUp(order_no);
    return fits(now) ? now : refuse(`订单不存在或信息不一致：${order_no}`);
  }

  // Notices. What makes two of them the same is what they say, never `timestamp`, `sign`, `param`.

  async orderStatus(said) {
    require(said, ["order_no", "order_status"], [...NAMES, "order_status_old"]);
    const next = said.order_status;
    if (!Object.hasOwn(ORDER, next)) refuse("参数错误：order_status");
    const order = await this.fitting(said.order_no, said, NAMES);
    if (order.status === next) return;
    const back = ORDER[next] === ORDER[order.status] && said.order_status_old === order.status;
    const may = next === "CANCEL" ? ORDER[order.status] <= ORDER.WAIT_PAY : true;
    if (may && (ORDER[next] > ORDER[order.status] || back)) {
      this.store.put("orders", said.order_no, { ...order, status: next });
    }
    this.refreshLater(said.order_no); // whichever of two crossing notices was later, 2.3 has it
  }

  async invoice(said) {
    const receiver = ["receiver_name", "receiver_phone_num", "receiver_address", "receiver_email"];
    const numbers = ["invoice_id", "invoice_type", "is_electron", "order_nos"];
    require(said, numbers, ["company_name", "identify_number", ...receiver]);
    const bank = ["bank_name", "bank_account", "registered_address", "link_phone_number"];
    if (said.invoice_type === "2") require(said, [], bank);
    if (!/^[12]$/.test(said.invoice_type) || !/^[12]$/.test(said.is_electron)) refuse("参数错误");
    for (const number of said.order_nos.split(",")) await this.fitting(number.trim(), said, []);
    this.keepOnce("invoices", said.invoice_id, said, ["timestamp", "sign"], {});
  }

  async bidOpening(said) {
    require(said, ["type", "open_tender_time", "block_name"], ["btc_name", "block_number"]);
    const when = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
    if (!/^[12]$/.test(said.type) || !when.test(said.open_tender_time)) refuse("参数错误：type");
    const ofBlock = (o) => o.block_number === said.block_number && o.block_name === said.block_name;
    const touched = this.store.all("orders", ofBlock);
    if (!touched.length) refuse(`标段不存在：${said.block_number}`);
    const { block_number, block_name, type, open_tender_time } = said;
    const key = JSON.stringify([block_number, block_name, type, open_tender_time]);
    this.store.put("bid_openings", key, { block_number, block_name, type, open_tender_time });
    for (const order of touched) this.refreshLater(order.order_no);
  }

  async claim(said) {
    const contact = ["claim_reason", "contact_person", "contact_phone", "contact_mail"];
    const numbers = ["claim_no", "claim_status", "guarantee_no", "claim_amount"];
    require(said, ["request_method", ...numbers], [...NAMES, ...contact]);
    const next = said.claim_status;
    if (said.request_method !== "apply_claim" || !Object.hasOwn(CLAIM, next)) refuse("参数错误");
    const guarantee = this.store.get("guarantees", said.guarantee_no);
    if (!guarantee) refuse(`保函不存在：${said.guarantee_no}`);
    await this.fitting(guarantee.order_no, said, NAMES);
    const changing = ["timestamp", "sign", "claim_status", "claim_file", "guarantee_no"];
    const first = { order_no: guarantee.order_no, status: next, ...only(said, ["guarantee_no"]) };
    this.keepOnce("claims", said.claim_no, said, changing, first);
    this.advanceClaim(said.claim_no, next);
  }

  /** Store what a notice says, unless it is known; the same number with other words is refused. */
  keepOnce(kind, key, said, changing, more) {
    const names = Object.keys(said).filter((name) => said[name] && !changing.includes(name));
    const content = only(said, names.sort());
    const known = this.store.get(kind, key);
    if (!known) this.store.put(kind, key, { ...content, ...more, content });
    else if (
      JSON.stringify(known.content) !== JSON.stringify(content) ||
      (more.order_no && known.order_no !== more.order_no)
    ) {
      refuse(`内容不一致：${key}`);
    }
  }

  advanceClaim(claim_no, next) {
    const known = this.store.get("claims", claim_no);
    if (CLAIM[next] <= CLAIM[known.status]) return;
    this.store.put("claims", claim_no, { ...known, status: next });
  }

  // Questions, with the codes of 5.5 and 5.6.

  verify({ serial_num }, pdf) {
    if (!serial_num) refuse("参数缺失：serial_num", 2600);
    if (!pdf?.length) refuse("参数缺失：guarantee_pdf", 2601);
    if (!isPdf(pdf)) refuse("保函文件格式错误,仅支持PDF", 2602);
    if (pdf.length > PDF_LIMIT) refuse("保函文件过大", 2603);
    const hash = sha256(pdf);
    // The platform may ask before its answer to 2.5, with the serial number, has reached us.
    const issued = (g) => g.serial_num === serial_num || (!g.serial_num && g.sha256 === hash);
    const found = this.store.all("guarantees", issued)[0];
    if (!found || !(found.sha256 === hash || isOurs(pdf, found.guarantee_no))) {
      refuse("无法识别该文件", 2605);
    }
    return {
      serial_num,
      sign_name: this.letter.company,
      sign_time: found.out_guarantee_time,
      issuer: "insurer-node 示例（无电子签章）",
      is_modified: found.sha256 === hash ? 2 : 1,
    };
  }

  query({ guarantee_no, serial_num }) {
    if (!guarantee_no) refuse("参数缺失：guarantee_no", 2700);
    if (!serial_num) refuse("参数缺失：serial_num", 2701);
    const found = this.store.get("guarantees", guarantee_no);
    if (!found || ![undefined, serial_num].includes(found.serial_num)) refuse("保函不存在", 2702);
    return { ...found.particulars, serial_num };
  }
}

const only = (said, names) => Object.fromEntries(names.map((name) => [name, said[name]]));

/** Refuse a notice that lacks something; `filled` may not even be empty, unlike the rest. */
function require(said, filled, present) {
  for (const name of filled) if (!said[name]) refuse(`参数缺失：${name}`);
  for (const name of present) if (said[name] === undefined) refuse(`参数缺失：${name}`);
}
