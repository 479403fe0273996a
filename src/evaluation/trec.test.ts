import { expect, test } from "vitest";
import { readQrels, readTrecDocuments, readTrecTopics } from "./trec.ts";

test("judgements are read as TREC and as BEIR writes them", () => {
  const expected = new Map([
    ["1", new Map([["184", 1], ["29", -1]])], // oxfmt-ignore
    ["2", new Map([["7", 3]])],
  ]);
  expect(readQrels("1 0 184 1\n1 0  29 -1\n\n2\t0\t7\t3\r\n")).toEqual(expected);
  expect(readQrels("query-id\tcorpus-id\tscore\n1\t184\t1\n1\t29\t-1\n2\t7\t3\n")).toEqual(expected);
});

test("a line that is no judgement is named", () => {
  expect(() => readQrels("1 0 184 1\n1 0 high")).toThrow(
    'Line 2 is no judgement: expected "topic iteration document grade"',
  );
  expect(() => readQrels("1 0 184 0.5")).toThrow("Line 1 is no judgement");
  expect(() => readQrels("1 0")).toThrow("Line 1 is no judgement");
});

test("documents are read from a file with many roots, the text alone", () => {
  const file =
    "<doc>\n<docno>1</docno>\n<title>wing</title>\n<text>wing in a\nslipstream &lt;b&gt; .</text>\n</doc>\n<DOC><DOCNO> 2 </DOCNO></DOC>";
  expect(readTrecDocuments(file)).toEqual([
    { id: "1", text: "wing in a\nslipstream <b> ." },
    { id: "2", text: "" },
  ]);
});

test("topics are read with closed fields, and with open ones as TREC writes them", () => {
  expect(readTrecTopics("<xml>\n<top>\n<num> 4</num> \n<title>\nheat conduction .\n</title>\n</top></xml>")).toEqual([
    { id: "4", text: "heat conduction ." },
  ]);
  const open =
    "<top>\n<num> Number: 301\n<title> International Organized Crime\n\n<desc> Description:\nIdentify …\n</top>";
  expect(readTrecTopics(open)).toEqual([{ id: "301", text: "International Organized Crime" }]);
});

test("a file without elements, and an element without its name, are refused", () => {
  expect(() => readTrecDocuments("plain text")).toThrow(
    "There is no <doc> element in the file. Is it in TREC's format?",
  );
  expect(() => readTrecDocuments("<doc><text>a</text></doc>")).toThrow("Document 1 has no <docno>.");
  expect(() => readTrecTopics("<top><num>1</num></top>")).toThrow("Topic 1 has no <title>.");
});
