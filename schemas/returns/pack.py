"""The return pack as a whole, and the checks made before any row is judged."""

# ruff: noqa: E501 - one rule a block, each text on its line
from __future__ import annotations

from schemas.returns.aggregate import AGGREGATE
from schemas.returns.declaration import Pack, Rule, Severity
from schemas.returns.events import EVENTS
from schemas.returns.manifest import MANIFEST, MANIFEST_FILES, ORGANISATIONS
from schemas.returns.participants import PARTICIPANTS

_REFUSE = Severity.REJECT_FILE
# Illustrative, not DWP's: a pack that loses more than half of its participants says less about its
# area than the pack before it, and what is wrong is most often one cause that hits every row.
LEAST_SHARE_ACCEPTED = 0.5

# fmt: off
PACK_RULES = (
    Rule("pack_can_be_read", 1, _REFUSE, "",
         "The pack is neither a folder nor a zip file that can be opened.",
         "Put manifest.json and the CSV files into a folder or a zip file, and send it again."),
    Rule("pack_can_be_judged", 1, _REFUSE, "",
         "The pack could not be judged, because our own program failed on it.",
         "Nothing yet: the statisticians were warned, and will judge the pack again or write to you."),
    Rule("pack_is_as_received", 1, _REFUSE, "",
         "The pack in landing is not the one that was received: its hash differs.", "Ask the area for the pack and land it again."),
    Rule("pack_is_safe_to_unpack", 1, _REFUSE, "",
         "The pack has a password, is too large, or holds what is no plain file: a link, a device, two files of one name, or a name that leads out of the pack.",
         "Send a plain folder or zip file of the manifest and the CSV files, without a password."),
    Rule("pack_is_not_empty", 1, _REFUSE, "",
         "The pack holds no file.", "Put manifest.json and the CSV files into the folder and send it again."),
    Rule("manifest_is_there", 1, _REFUSE, "",
         "manifest.json is missing.", "Add manifest.json; the blank form shows what it holds."),
    Rule("manifest_is_json", 1, _REFUSE, "",
         "manifest.json is not valid JSON in UTF-8.", "Make the manifest again from the template."),
    Rule("manifest_is_complete", 1, _REFUSE, "",
         "A field of manifest.json is missing or wrong; the findings on the manifest say which.", "Correct manifest.json and send the pack again."),
    Rule("template_is_known", 1, _REFUSE, "template_id",
         "template_id is not the Connect to Work return.", "Use the template ctw-return."),
    Rule("template_is_current", 1, _REFUSE, "template_version",
         "The template version is old or unknown.", "Move the data to the current version of the template and send the pack again."),
    Rule("name_agrees_with_manifest", 1, _REFUSE, "",
         "The name of the pack does not agree with the area, period and sequence of its manifest.",
         "Name the pack <delivery_area_code>_<period_id>_v<submission_sequence>."),
    Rule("period_has_ended", 1, _REFUSE, "period_id",
         "The pack is for a quarter that lies ahead.", "Send the pack after the quarter has ended, or correct period_id."),
    Rule("period_is_the_one_collected", 1, _REFUSE, "period_id",
         "The pack is for another quarter than the one collected.", "Correct period_id, or send the pack of this quarter."),
    Rule("period_exists", 1, _REFUSE, "period_id",
         "period_id is no financial quarter.", "Write it as 2026-27Q2; the second year is the first plus one."),
    Rule("pack_is_new", 1, _REFUSE, "",
         "The same pack was received before.", "Nothing, if it was sent twice by mistake. Otherwise send the changed files with a higher sequence."),
    Rule("sequence_rises", 1, _REFUSE, "submission_sequence",
         "A pack of this or a higher sequence was accepted before.", "Raise submission_sequence by one, in the manifest and in the name."),
    Rule("files_are_there", 1, _REFUSE, "",
         "A CSV file of the pack is missing.", "Add the file; if it has no rows, with its header only."),
    Rule("hash_agrees_with_manifest", 1, _REFUSE, "sha256",
         "A file differs from the one the manifest describes.", "Make the manifest again after the last change to the files."),
    Rule("row_count_agrees_with_manifest", 1, _REFUSE, "rows",
         "A file has another number of rows than the manifest says.", "Make the manifest again after the last change to the files."),
    Rule("nil_return_has_no_rows", 1, _REFUSE, "nil_return",
         "nil_return is true but participants.csv or events.csv has rows.", "Set nil_return to false, or leave the rows out."),
    Rule("participants_are_there", 1, _REFUSE, "nil_return",
         "participants.csv has no row, although nil_return is false.",
         "Send the rows of participants.csv. If nobody was referred to the area, set nil_return to true."),
    Rule("enough_rows_are_accepted", 1, _REFUSE, "",
         f"Fewer than {LEAST_SHARE_ACCEPTED:.0%} of the rows of participants.csv could be kept, so the pack was refused as a whole. A pack of the quarter that was accepted before stands.",
         "Look for the one cause in the findings on the rows, correct it, and send the pack again."),
    Rule("most_participants_stay", 1, _REFUSE, "",
         f"The pack keeps fewer than {LEAST_SHARE_ACCEPTED:.0%} of the participants of the return that was accepted before, so it was refused as a whole. The return before stands.",
         "A return covers the whole programme to date: put the participants back. If the return before was wrong, tell the statisticians."),
    Rule("file_can_be_read", 1, _REFUSE, "",
         "A file is empty, or is not text in UTF-8.", "Save the file as CSV in UTF-8 and send the pack again."),
    Rule("columns_are_those_of_the_template", 1, _REFUSE, "",
         "A file lacks columns of the template, or has columns that are not in it.",
         "Use the header of the blank form, nothing more and nothing less."),
    Rule("encoding_is_utf8", 1, Severity.QUERY, "",
         "The file is not UTF-8; it was read as Windows-1252.", "Save the file as CSV in UTF-8. Check accented letters."),
    Rule("row_can_be_read", 1, Severity.REJECT_ROW, "",
         "The row has too many or too few fields, or a quotation mark that is not closed.",
         "Give every column a value or leave it empty; close every quotation mark."),
    Rule("participants_stay", 6, Severity.QUERY, "",
         "Participants of the quarter before are missing, or their rows were left out.",
         "A pack holds everyone referred since the programme began: put them back, or say why they left the data."),
    Rule("only_known_files", 1, Severity.NOTE, "",
         "The pack holds a file that is not in the template; it was not read.", "Leave other files out."),
)
# fmt: on

PACK = Pack(
    template_id="ctw-return",
    template_version="1.0.0",
    accepted_versions=("1.0.0",),
    manifest=MANIFEST,
    manifest_files=MANIFEST_FILES,
    organisations=ORGANISATIONS,
    participants=PARTICIPANTS,
    events=EVENTS,
    aggregate=AGGREGATE,
    rules=PACK_RULES,
    least_share_accepted=LEAST_SHARE_ACCEPTED,
)
