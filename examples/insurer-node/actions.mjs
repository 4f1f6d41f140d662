// What only the insurer can decide, each a call to the platform; by name, with a JSON body.
import { chinaTime, sha256 } from "./protocol.mjs";
import { makePdf } from "./pdf.mjs";
import { Refused } from "./platform.mjs";

const CLAIM_STATES = {
  ACCEPT: "INVESTIGATING", AGREE_INDEMNITY: "WAIT_INDEMNITY",
  REFUSE_INDEMNITY: "REFUSE_INDEMNITY", FINISH_INDEMNITY: "FINISH_INDEMNITY",
};

export class CannotAct extends Error {}

export function makeActions(letter, store, platform, notices) {
  /** Tell the platform a decision about an order (2.4); `wanted` is the state that it leads to. */
  async function decide(order_no, decision, wanted) {
    const order = await notices.refresh(order_no);
    if (order.status === "CANCEL") throw new CannotAct(`The order ${order_no} was cancelled.`);
    const { block_number, block_name, principal, creditor } = order;
    const parameters = { order_no, block_number, block_name, principal, creditor, ...decision };
    const isDone = async () =>
      order.status !== wanted && (await notices.lookUp(order_no))?.status === wanted;
    try {
      return await platform.call("insurer_apply_guarantee_result", parameters, { isDone });
    } catch (error) {
      // A repeated call is refused where the first one was effective and only its answer lost.
      if (!(error instanceof Refused) || !(await isDone())) throw error;
      return "成功";
    } finally {
      await notices.lookUp(order_no);
    }
  }

  /** Make out a guarantee, or return the same one, byte for byte, where nothing changed. */
  function draft(order, guarantee_no) {
    const { data } = order;
    const particulars = {
      guarantee_no, ktype: 4, warrantee: order.principal, beneficiary: order.creditor,
      proitem: order.block_name, variety: 1, amount: Number(data.guarantee_amount),
      guarantee_start_date: data.guarantee_start_date ?? data.bid_deadline.slice(0, 10),
      guarantee_end_date: data.guarantee_end_date, is_avert: 2,
    };
    const known = store.get("guarantees", guarantee_no);
    if (known && JSON.stringify(known.particulars) === JSON.stringify(particulars)) return known;
    const out_guarantee_time = chinaTime();
    const lines = Object.entries({ 投标保函: letter.company, ...particulars, out_guarantee_time });
    const pdf = makePdf(guarantee_no, lines.map(([name, value]) => `${name}：${value}`));
    const { order_no, block_number } = order;
    return store.put("guarantees", guarantee_no, {
      guarantee_no, order_no, block_number, particulars, out_guarantee_time,
      sha256: sha256(pdf), pdf: pdf.toString("base64"),
    });
  }

  async function send(method, order, guarantee, more = {}) {
    const { order_no, principal, creditor } = order;
    const { guarantee_no, out_guarantee_time, sha256: guarantee_pdf_hash } = guarantee;
    const parameters = {
      order_no, guarantee_no, principal, creditor, guarantor: letter.company,
      out_guarantee_time, guarantee_pdf_hash, ...more,
    };
    const file = { field: "guarantee_pdf", bytes: Buffer.from(guarantee.pdf, "base64") };
    const data = await platform.call(method, parameters, { file });
    // A number in this answer, a text everywhere else.
    const serial_num = String(data.serial_num);
    store.put("guarantees", guarantee_no, { ...guarantee, serial_num });
    await notices.lookUp(order_no);
    return { guarantee_no, serial_num };
  }

  const ofOrder = (order_no) => store.all("guarantees", (g) => g.order_no === order_no);
  const current = (order_no) => ofOrder(order_no).findLast((g) => g.serial_num);

  async function decideClaim(claim_no, do_type, more = {}) {
    const claim = known("claims", claim_no);
    const guarantee_no = current(claim.order_no)?.guarantee_no ?? claim.guarantee_no;
    const parameters = { claim_no, guarantee_no, do_type, ...more };
    try {
      await platform.call("update_claim", parameters);
    } catch (error) {
      const now = error instanceof Refused && (await actions.refresh_claim({ claim_no }));
      if (!now || now.claim_status !== CLAIM_STATES[do_type]) throw error;
    }
    notices.advanceClaim(claim_no, CLAIM_STATES[do_type]);
    return "成功";
  }

  function known(kind, key) {
    const record = store.get(kind, key);
    if (!record) throw new CannotAct(`There is no ${key} among the ${kind}.`);
    return record;
  }

  const actions = {
    confirm: ({ order_no }) => decide(order_no, { order_do_type: 1, status: 1 }),
    return_due_diligence: ({ order_no, note }) =>
      decide(order_no, { order_do_type: 2, status: 2, note }, "WAIT_SUBMIT_TUNE_UP"),
    pass_due_diligence: ({ order_no, note }) =>
      decide(order_no, { order_do_type: 2, status: 1, note }, "WAIT_OFFER"),
    async offer({ order_no, price }) {
      // Amounts are texts: JavaScript would make 1000 of 1000.00.
      const { guarantee_end_date } = (await notices.refresh(order_no)).data;
      return decide(order_no, { order_do_type: 3, price, guarantee_end_date }, "WAIT_PAY");
    },
    pay: ({ order_no, real_pay }) =>
      decide(order_no, { order_do_type: 4, real_pay }, "WAIT_OUT_GUARANTEE"),
    cancel: ({ order_no, note }) =>
      decide(order_no, { order_do_type: 1, status: 3, note }, "CANCEL"),
    async issue({ order_no }) {
      const order = await notices.refresh(order_no);
      const guarantee = draft(order, `NODE${order_no}`);
      try {
        return await send("insurer_push_guarantee", order, guarantee);
      } catch (error) {
        const now = error instanceof Refused && (await notices.lookUp(order_no));
        if (now?.status !== "HAS_OUT_GUARANTEE" || order.status === now.status) throw error;
        // It has arrived; its serial number comes with the platform's first question.
        return { guarantee_no: guarantee.guarantee_no };
      }
    },
    async reissue({ order_no }) {
      const order = await notices.refresh(order_no);
      const old = current(order_no);
      if (!old) throw new CannotAct(`No guarantee was issued for the order ${order_no}.`);
      const next = ofOrder(order_no).find((g) => !g.serial_num)?.guarantee_no;
      const number = next ?? `NODE${order_no}R${ofOrder(order_no).length}`;
      const guarantee = draft(order, number);
      return send("insurer_push_guarantee_update", order, guarantee, {
        guarantee_no_old: old.guarantee_no,
        date1: guarantee.particulars.guarantee_start_date,
        date2: guarantee.particulars.guarantee_end_date,
      });
    },
    async issue_invoice({ invoice_id }) {
      const wanted = known("invoices", invoice_id);
      // A paper invoice goes by mail; the platform is only told that it exists.
      if (wanted.is_electron === "2") {
        return platform.call("insurer_push_invoice", { invoice_id });
      }
      const lines = ["电子发票", wanted.company_name, wanted.identify_number, wanted.order_nos];
      const bytes = makePdf(`INVOICE${invoice_id}`, lines);
      const parameters = { invoice_id, invoice_pdf_hash: sha256(bytes) };
      const file = { field: "invoice_pdf", bytes };
      return platform.call("insurer_push_invoice", parameters, { file });
    },
    accept_claim: ({ claim_no }) => decideClaim(claim_no, "ACCEPT"),
    agree_claim: ({ claim_no }) => decideClaim(claim_no, "AGREE_INDEMNITY"),
    refuse_claim: ({ claim_no, reason }) =>
      decideClaim(claim_no, "REFUSE_INDEMNITY", { refuse_reason: reason }),
    finish_claim: ({ claim_no }) => decideClaim(claim_no, "FINISH_INDEMNITY"),
    refresh_order: async ({ order_no }) => (await notices.refresh(order_no)).data,
    async refresh_claim({ claim_no }) {
      const { order_no, guarantee_no, principal, creditor } = known("claims", claim_no);
      const data = await platform.call("get_claim_detail", {
        claim_no, principal, creditor, guarantor: letter.company,
        guarantee_no: current(order_no)?.guarantee_no ?? guarantee_no,
      });
      notices.advanceClaim(claim_no, data.claim_status);
      return data;
    },
    renew_file_url: ({ file_id }) => platform.call("insurer_get_file_url", { file_id }),
    list_branches: () =>
      platform.call("insurer_get_branch_insurers", { insurer_name: letter.access_party }),
    read_companies: ({ order_no }) =>
      platform.call("insurer_get_order_company_info", { order_no }),
  };
  return actions;
}
