// What the insurer remembers: one JSON file, so that a restart forgets nothing.
import fs from "node:fs";
import path from "node:path";

const KINDS = ["orders", "guarantees", "invoices", "claims", "bid_openings"];
const NUMBERS = [
  "order_no", "guarantee_no", "serial_num", "invoice_id", "claim_no", "block_number",
];

export class Store {
  constructor(folder) {
    fs.mkdirSync(folder, { recursive: true });
    this.place = path.join(folder, "records.json");
    const kept = fs.existsSync(this.place) ? JSON.parse(fs.readFileSync(this.place, "utf8")) : {};
    this.kinds = new Map(KINDS.map((kind) => [kind, new Map(kept[kind])]));
  }

  get(kind, key) {
    return this.kinds.get(kind).get(key);
  }

  all(kind, fits = () => true) {
    return [...this.kinds.get(kind).values()].filter(fits);
  }

  /** Store a record. Nothing else runs meanwhile: looking and storing without an `await` between
   *  them is safe, even with eight equal notices at the same instant. */
  put(kind, key, record) {
    this.kinds.get(kind).set(key, record);
    const whole = Object.fromEntries([...this.kinds].map(([name, rows]) => [name, [...rows]]));
    fs.writeFileSync(`${this.place}.new`, JSON.stringify(whole));
    fs.renameSync(`${this.place}.new`, this.place);
    return record;
  }

  /** How many records of a kind name a key in any of their numbers (and are in a status). */
  count(kind, key, status) {
    const fits = (row) => NUMBERS.some((name) => row[name] === key);
    return this.all(kind, (row) => fits(row) && (!status || row.status === status)).length;
  }
}
