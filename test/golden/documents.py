"""Small PDF, DOCX and Parquet files by the usual Python libraries, for the readers of src/documents, and the oracles of pairs.

Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/documents.py
Versions: reportlab 5.1.0, python-docx 1.2.0, pyarrow 26.0.1.
"""
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
from docx.oxml import parse_xml
from reportlab.lib.pagesizes import A5
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

folder = Path(__file__).parent / "documents"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(name, encrypt=None):
    page = canvas.Canvas(str(folder / name), pagesize=A5, invariant=1, encrypt=encrypt)

    def lines(y, size, texts, font="Helvetica"):
        page.setFont(font, size)
        for text in texts:
            page.drawString(40, y, text)
            y -= size * 1.2
        return y

    y = lines(540, 18, ["On bridges"], "Helvetica-Bold")
    y = lines(y - 10, 10, ["A bridge carries a road over a river,", "so that people need no boat. It rests on", "piers."])
    y = lines(y - 10, 10, ["The second paragraph speaks of stone", "and of caf\u00e9s."])
    y = lines(y - 12, 13, ["Steel"], "Helvetica-Bold")
    lines(y - 8, 10, ["Steel is strong in tension."])
    page.showPage()
    lines(540, 10, ["It rusts, and must be painted."])
    page.save()


def word():
    document = docx.Document()
    document.add_heading("On bridges", 0)
    document.add_heading("Stone", 1)
    document.add_paragraph("An arch stands by its own weight.")
    document.add_paragraph("")
    paragraph = document.add_paragraph("Caf\u00e9s & <inns>")
    paragraph.add_run().add_tab()
    paragraph.add_run("stand beside it.")
    paragraph._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>Deleted.</w:delText></w:r></w:del>"))
    document.add_heading("Steel", 2)
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ["Bridge", "Span", "Forth", "521 m"]):
        cell.text = text
    document.add_paragraph("Painted often.")
    document.core_properties.author = ""
    document.save(folder / "bridges.docx")


def parquet():
    rows = {
        "id": [1, 2, 3],
        "title": ["Stone", None, "Steel"],
        "text": ["An arch stands.", "No title here.", None],
        "tags": [["old"], [], ["new", "strong"]],
        "bytes": [b"\xff\xfe", b"", b"\x00"],
    }
    for codec in ["none", "snappy", "gzip", "zstd", "brotli"]:
        pq.write_table(pa.table(rows), folder / f"{codec}.parquet", compression=codec, row_group_size=2)


pdf("bridges.pdf")
pdf("encrypted.pdf", StandardEncryption("secret"))
word()
parquet()
