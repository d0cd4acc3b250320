// A picture to send where a receipt is asked for, so that nobody has to look for one on their machine.

const LINES = [
  ["600 30px system-ui, sans-serif", "Bank of Demo", 70],
  ["20px system-ui, sans-serif", "Receipt of a transfer", 106],
  ["20px system-ui, sans-serif", "To: The owner, account 12 345 678", 168],
  ["20px system-ui, sans-serif", "Done", 204],
  ["16px system-ui, sans-serif", "A made-up receipt: no money moved.", 264],
];

export async function sampleReceipt() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [480, 300];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#eef2f7";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#2e8b4f";
  pen.fillRect(0, 0, canvas.width, 14);
  pen.fillStyle = "#0f1a24";
  for (const [font, words, top] of LINES) {
    pen.font = font;
    pen.fillText(words, 36, top);
  }
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return new File([drawn], "receipt.png", { type: "image/png" });
}
