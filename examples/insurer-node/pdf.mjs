// A real one-page PDF by hand, in a Chinese font that every reader brings along.
// A real insurer signs its PDF (电子签章), and verifies that in 2.6; this example does not.

const utf16 = (line) => [...Buffer.from(line, "utf16le").swap16()];
const hex = (line) => utf16(line).map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Return a PDF with a title (ASCII, found again by `isOurs`) and lines of text. */
export function makePdf(title, lines) {
  const shown = lines.map((line) => `<${hex(line)}> Tj T*`).join("\n");
  const content = `BT /F1 12 Tf 60 760 Td 22 TL\n${shown}\nET`;
  const font = "/Type /Font /BaseFont /STSong-Light";
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R " +
      "/Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    `<< ${font} /Subtype /Type0 /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>`,
    `<< ${font} /Subtype /CIDFontType0 /FontDescriptor 7 0 R /CIDSystemInfo ` +
      "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] " +
      "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    `<< /Title (${title}) /Producer (insurer-node) >>`,
  ];
  let file = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join("")}`;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R /Info ${size - 1} 0 R >>`;
  return Buffer.from(`${file}${table}${trailer}\nstartxref\n${file.length}\n%%EOF\n`, "latin1");
}

export const isPdf = (bytes) => bytes.subarray(0, 1024).includes("%PDF-");

/** Whether a PDF is, or was made from, the one with this title. */
export const isOurs = (bytes, title) => bytes.includes(`/Title (${title})`);
