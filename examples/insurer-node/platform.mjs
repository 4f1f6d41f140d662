// Calls to the platform: token, sign, seal, post, and what to do when that fails.
import crypto from "node:crypto";
import { seal, signOf, timestamp } from "./protocol.mjs";

const TIME_OUT = 5000;
const TOKEN_REFUSED = 1006;

/** The platform answered with a code of 5.3; asking again would give the same answer. */
export class Refused extends Error {
  constructor(code, data) {
    super(`${code}: ${data}`);
    this.code = code;
    this.data = data;
  }
}

/** There was no usable answer; whether the call took effect is unknown. */
export class Unreachable extends Error {}

export class Platform {
  #token = null; // a promise, so that calls at the same time ask for one token together
  #tokenEnds = 0;

  constructor(letter) {
    this.letter = letter;
    const key = (name) => crypto.createPublicKey(letter[name].pem);
    this.ownKey = key("rsa_pk"); // seals our calls
    this.commonKey = key("api_rsa_pk"); // seals only the request for a token
  }

  /**
   * Make a call and return the `data` of its answer.
   * `file` is {field, bytes} of a PDF that travels beside `param`. `isDone` is asked when no answer
   * came, before the call is made once more: only the answer may have been lost.
   */
  async call(method, parameters, { file, isDone } = {}) {
    let token;
    const once = async () => {
      token = this.#living();
      return this.#businessCall(method, parameters, file, await token);
    };
    try {
      return await once();
    } catch (error) {
      if (error instanceof Refused && error.code === TOKEN_REFUSED) {
        // It ended earlier than we believed: once more with a new one, if nobody has it yet.
        if (this.#token === token) this.#token = null;
        return once();
      }
      if (!(error instanceof Unreachable)) throw error;
      if (isDone && (await isDone())) return "成功";
      return once();
    }
  }

  #businessCall(method, parameters, file, token) {
    const { btc_id, enter_institution_type, api_secret } = this.letter;
    const whole = { ...parameters, method, timestamp: timestamp(), btc_id, enter_institution_type };
    whole.sign = signOf(whole, api_secret);
    return this.#post({ access_token: token, param: seal(whole, this.ownKey) }, file);
  }

  #living() {
    if (!this.#token || Date.now() / 1000 > this.#tokenEnds - 60) {
      this.#tokenEnds = Infinity;
      this.#token = this.#newToken();
      this.#token.catch(() => (this.#token = null));
    }
    return this.#token;
  }

  async #newToken() {
    const { api_key, api_secret } = this.letter;
    const request = { method: "get_access_token", api_key, api_secret, timestamp: timestamp() };
    request.sign = signOf(request, api_secret);
    const data = await this.#post({ param: seal(request, this.commonKey) });
    this.#tokenEnds = Number(data.expired_at);
    return data.access_token;
  }

  async #post(fields, file) {
    const body = file ? new FormData() : new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    if (file) body.append(file.field, new Blob([file.bytes], { type: "application/pdf" }), "a.pdf");
    let answer;
    try {
      const signal = AbortSignal.timeout(TIME_OUT);
      const reply = await fetch(this.letter.platform, { method: "POST", body, signal });
      answer = await reply.json();
      if (!reply.ok || !answer.status) throw new Error(`HTTP ${reply.status}`);
    } catch (error) {
      throw new Unreachable(`the platform gave no usable answer: ${error.message}`);
    }
    if (Number(answer.status) !== 200) throw new Refused(Number(answer.status), answer.data);
    return answer.data;
  }
}
