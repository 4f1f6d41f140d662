import fs from "node:fs";
import * as conzhu from "./conzhu.mjs";

const [path, port, ...pairs] = process.argv.slice(2);
const pdf = fs.readFileSync(path);
const business = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s)));
console.log("amount", conzhu.amount("1234.5"));
console.log("list", conzhu.list(["施工", 'a/b"']));
business.guarantee_pdf_hash = conzhu.hash(pdf);
const fields = {
  access_token: await conzhu.token(),
  param: conzhu.message("insurer_push_guarantee", business),
};
console.log("answer", JSON.stringify(await conzhu.postFile(fields, "guarantee_pdf", pdf)));
conzhu.serve(Number(port), (params) => console.log("push", params.order_no));
