"""LibreOffice, driven as a person would: run by Debian's own Python, which has its bridge.

Reads a plan as JSON from stdin: {"file", "type": [[sheet, cell, text]], "to", "values": [sheet]}.
Opens the file, types each text into its cell as from the keyboard, recalculates, saves it as
.xlsx under "to", and prints the values of the sheets asked for: {sheet: [[value]]}.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno  # Debian's python3-uno
from com.sun.star.beans import PropertyValue

WAIT = 60  # seconds until the office answers


def main() -> None:
    plan = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as profile:
        pipe = f"ronda{Path(profile).name}"
        office = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                "--nologo",
                f"-env:UserInstallation=file://{profile}",
                f"--accept=pipe,name={pipe};urp",
            ]
        )
        try:
            json.dump(work(connect(pipe, office), plan), sys.stdout)
        finally:
            office.terminate()
            office.wait(WAIT)


def connect(pipe, office):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + WAIT
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # the office is still starting; it offers nothing to wait on
            if time.monotonic() > until or office.poll() is not None:
                raise


def work(context, plan):
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    book = desktop.loadComponentFromURL(address(plan["file"]), "_blank", 0, ())
    frame = book.CurrentController.Frame
    for sheet, cell, text in plan.get("type", []):
        go_to(book, dispatcher, frame, sheet, cell)
        dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, properties(StringName=text))
    book.calculateAll()
    values = {name: read(book.Sheets.getByName(name)) for name in plan.get("values", [])}
    if plan.get("to"):
        book.storeToURL(address(plan["to"]), properties(FilterName="Calc MS Excel 2007 XML"))
    book.close(True)
    return values


def go_to(book, dispatcher, frame, sheet, cell):
    book.CurrentController.setActiveSheet(book.Sheets.getByName(sheet))
    dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, properties(ToPoint=cell))


def read(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = sheet.getCellRangeByPosition(
        0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow
    )
    return [list(row) for row in area.DataArray]


def address(path):
    return uno.systemPathToFileUrl(str(Path(path).resolve()))


def properties(**named):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in named.items())


if __name__ == "__main__":
    main()
