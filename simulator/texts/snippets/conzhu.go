// Go 1.19, without any module. 需要 Go 1.19，无需其他模块。
package main

import (
	"bytes"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"sort"
	"time"
)

// From the account letter; the keys are each one line of Base64. 取自开户信，密钥为单行 Base64。
var platform, btcID, institutionType = os.Getenv("PLATFORM"), os.Getenv("BTC_ID"), os.Getenv("INSTITUTION_TYPE")
var apiKey, apiSecret, apiRsaPk = os.Getenv("API_KEY"), os.Getenv("API_SECRET"), os.Getenv("API_RSA_PK")
var rsaPk, rsaSk = os.Getenv("RSA_PK"), os.Getenv("RSA_SK")

// [timestamp]
func timestamp() string { // 15 for hours, not 03 小时写 15，不要写 03
	return time.Now().In(time.FixedZone("CST", 8*3600)).Format("20060102150405")
}

// [amount]
func amount(number string) string { // never a float64 不要用 float64
	exact, ok := new(big.Rat).SetString(number)
	if !ok {
		panic("no number: " + number)
	}
	return exact.FloatString(2)
}

// [list]
func list(rows any) (string, error) { // params["files"], _ = list(rows), then sign 再签名
	text, err := json.Marshal(rows)
	return string(text), err
}

// [plaintext]
func plaintext(params map[string]string) ([]byte, error) { // no fmt.Sprint(params)
	return json.Marshal(params)
}

// [sign]
func sign(params map[string]string, secret string) string {
	names := make([]string, 0, len(params)) // a map has no order map 无序
	for name := range params {
		if name != "sign" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	base := secret
	for _, name := range names {
		base += name + params[name]
	}
	return fmt.Sprintf("%X", md5.Sum([]byte(base+secret)))
}

// [seal]
func seal(plain []byte, publicKey string) (string, error) {
	der, err := base64.StdEncoding.DecodeString(publicKey)
	if err != nil {
		return "", err
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return "", err
	}
	key := parsed.(*rsa.PublicKey)
	var sealed []byte
	for room := key.Size() - 11; len(plain) > 0; {
		if room > len(plain) {
			room = len(plain)
		}
		block, err := rsa.EncryptPKCS1v15(rand.Reader, key, plain[:room]) // no EncryptOAEP
		if err != nil {
			return "", err
		}
		sealed, plain = append(sealed, block...), plain[room:]
	}
	return base64.StdEncoding.EncodeToString(sealed), nil // no URLEncoding, no RawStdEncoding
}

// [open]
func open(param string) (map[string]string, error) {
	der, err := base64.StdEncoding.DecodeString(rsaSk)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	key := parsed.(*rsa.PrivateKey)
	sealed, err := base64.StdEncoding.DecodeString(param)
	if err != nil || len(sealed)%key.Size() != 0 {
		return nil, errors.New("no whole blocks")
	}
	var plain []byte
	for ; len(sealed) > 0; sealed = sealed[key.Size():] {
		piece, err := rsa.DecryptPKCS1v15(rand.Reader, key, sealed[:key.Size()])
		if err != nil {
			return nil, err
		}
		plain = append(plain, piece...)
	}
	var params map[string]string
	return params, json.Unmarshal(plain, &params)
}

// [hash]
func hash(file []byte) string { // os.ReadFile(path), the very bytes that are sent 即发送的字节
	digest := sha256.Sum256(file)
	return hex.EncodeToString(digest[:])
}

// [message]
func message(method string, business map[string]string) (string, error) {
	params := map[string]string{"method": method, "timestamp": timestamp(),
		"btc_id": btcID, "enter_institution_type": institutionType}
	for name, value := range business { // one map for both 签名与加密用同一个 map
		params[name] = value
	}
	params["sign"] = sign(params, apiSecret) // last 最后签名
	plain, err := plaintext(params)
	if err != nil {
		return "", err
	}
	return seal(plain, rsaPk)
}

// [token]
func token() (string, error) {
	params := map[string]string{"method": "get_access_token", "api_key": apiKey,
		"api_secret": apiSecret, "timestamp": timestamp()}
	params["sign"] = sign(params, apiSecret)
	plain, err := plaintext(params)
	if err != nil {
		return "", err
	}
	param, err := seal(plain, apiRsaPk) // not rsaPk 不是 rsaPk
	if err != nil {
		return "", err
	}
	answer, err := post(map[string]string{"param": param})
	if err != nil {
		return "", err
	}
	var read struct {
		Data struct {
			AccessToken string `json:"access_token"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(answer), &read); err != nil {
		return "", errors.New(answer) // refused 被拒绝
	}
	return read.Data.AccessToken, nil
}

// [form]
func post(fields map[string]string) (string, error) { // param, access_token
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	reply, err := http.PostForm(platform, form)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	return string(answer), err
}

// [multipart]
func postFile(fields map[string]string, name string, file []byte) (string, error) {
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for field, value := range fields {
		writer.WriteField(field, value)
	}
	part, err := writer.CreateFormFile(name, "a.pdf")
	if err != nil {
		return "", err
	}
	part.Write(file)
	writer.Close() // writes the end of the form 写出结束标记
	reply, err := http.Post(platform, writer.FormDataContentType(), &body)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	return string(answer), err
}

// [endpoint]
func serve(address string, keep func(map[string]string)) error {
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		params, err := open(r.PostFormValue("param"))
		w.Header().Set("Content-Type", "application/json")
		if err != nil || sign(params, apiSecret) != params["sign"] {
			io.WriteString(w, `{"status":404,"data":"验签失败"}`)
			return
		}
		keep(params) // once only, a push may come again 只处理一次，推送可能重复
		io.WriteString(w, `{"status":200}`)
	}))
}
