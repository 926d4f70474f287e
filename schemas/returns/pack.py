"""The return pack as a whole, and the checks made before any row is judged."""

# ruff: noqa: E501 - one block per rule, each text on its line
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
    Rule("pack_is_a_folder_or_zip_file", 1, _REFUSE, "",
         "The pack is neither a folder nor a zip file.",
         "Put manifest.json and the CSV files into a folder or a zip file, and send it again."),
    Rule("pack_can_be_read", 1, _REFUSE, "",
         "The pack could not be read.",
         "Make the folder or zip file anew, look whether it opens, and send it again."),
    Rule("pack_can_be_judged", 1, _REFUSE, "",
         "The pack could not be judged, because our own program failed on it.",
         "Nothing yet: the statisticians were warned, and will judge the pack again or write to you."),
    Rule("pack_is_as_received", 1, _REFUSE, "",
         "The pack in landing is not the one that was received: its hash differs.", "Ask the area for the pack and land it again."),
    Rule("pack_has_no_password", 1, _REFUSE, "",
         "The zip file has a password.", "Send it without a password, by the agreed secure way."),
    Rule("pack_is_within_limits", 1, _REFUSE, "",
         "The pack holds more than a return can.", "Send manifest.json and the CSV files, and nothing else."),
    Rule("pack_holds_plain_files", 1, _REFUSE, "",
         "The pack holds something that is neither a plain file nor a folder.",
         "Send copies of the files themselves in place of links to them."),
    Rule("names_stay_in_the_pack", 1, _REFUSE, "",
         "The name of a file leads out of the pack, or is no text.", "Pack the files by their plain names, without drive or parent folder."),
    Rule("names_are_distinct", 1, _REFUSE, "",
         "Two files of the pack have one name.", "Leave one of them out and send the pack again."),
    Rule("pack_is_not_empty", 1, _REFUSE, "",
         "The pack holds no file.", "Put manifest.json and the CSV files into the folder and send it again."),
    Rule("manifest_is_there", 1, _REFUSE, "",
         "manifest.json is missing.", "Add manifest.json; the blank form shows what it holds."),
    Rule("manifest_is_json", 1, _REFUSE, "",
         "manifest.json is not valid JSON in UTF-8.", "Make the manifest again from the template."),
    Rule("manifest_is_complete", 1, _REFUSE, "",
         "A field of manifest.json is missing or wrong; the findings on the manifest say which.", "Correct manifest.json and send the pack again."),
    Rule("template_is_known", 1, _REFUSE, "template_id",
         "template_id is not that of the Connect to Work return.", "Use the template ctw-return."),
    Rule("template_is_current", 1, _REFUSE, "template_version",
         "The version of the template is not one that is accepted.", "Move the data to the version that was expected and send the pack again."),
    Rule("name_has_the_form_of_a_pack", 1, _REFUSE, "",
         "The name of the pack is not made of an area, a quarter and a sequence.",
         "Name it <delivery_area_code>_<period_id>_v<submission_sequence>, such as CTW-EN01_2026-27Q2_v1."),
    Rule("name_agrees_with_manifest", 1, _REFUSE, "",
         "The name of the pack and its manifest differ.",
         "Correct the one that is wrong, the name or manifest.json, and send the pack again."),
    Rule("period_has_ended", 1, _REFUSE, "period_id",
         "The pack is for a quarter after the one that is collected.", "Send the pack after that quarter has ended, or correct period_id."),
    Rule("period_is_the_one_collected", 1, _REFUSE, "period_id",
         "The pack is for a quarter before the one that is collected.", "Correct period_id, or send the pack of the quarter that is collected."),
    Rule("period_exists", 1, _REFUSE, "period_id",
         "period_id is no quarter of a financial year.", "Write it as 2026-27Q2; the second year is the first plus one."),
    Rule("pack_is_new", 1, _REFUSE, "",
         "The same files were accepted before.", "Nothing, if it was sent twice by mistake. Otherwise send the changed files with a higher sequence."),
    Rule("sequence_rises", 1, _REFUSE, "submission_sequence",
         "submission_sequence does not rise.", "Write the number that comes next, in manifest.json and in the name of the pack."),
    Rule("files_are_there", 1, _REFUSE, "",
         "A CSV file of the pack is missing.", "Add the file; if it has no rows, with its header only."),
    Rule("hash_agrees_with_manifest", 1, _REFUSE, "sha256",
         "The SHA-256 of a file is not the one in the manifest.", "Make the manifest again after the last change to the files."),
    Rule("row_count_agrees_with_manifest", 1, _REFUSE, "rows",
         "The number of rows of a file is not the one in the manifest.", "Make the manifest again after the last change to the files."),
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
    Rule("file_is_not_empty", 1, _REFUSE, "",
         "A file is empty.", "Send the file with its header, also when it has no rows."),
    Rule("file_is_text", 1, _REFUSE, "",
         "A file is not text.", "Save the file as CSV in UTF-8 and send the pack again."),
    Rule("columns_are_those_of_the_template", 1, _REFUSE, "",
         "The columns of a file are not those of the template.",
         "Use the header of the blank form, nothing more and nothing less."),
    Rule("encoding_is_utf8", 1, Severity.QUERY, "",
         "The file is not UTF-8; it was read as Windows-1252.", "Save the file as CSV in UTF-8. Check accented letters."),
    Rule("row_can_be_read", 1, Severity.REJECT_ROW, "",
         "The row could not be read.",
         "Give every column a value or leave it empty; put a value with a comma between quotation marks."),
    Rule("participants_stay", 6, Severity.QUERY, "",
         "Participants of the quarter before are missing, or their rows were left out.",
         "A pack holds everyone referred since the programme began: put them back, or say why they left the data."),
    Rule("only_known_files", 1, Severity.NOTE, "",
         "The pack holds more files than the template.", "Leave other files out."),
)
# fmt: on

PACK = Pack(
    template_id="ctw-return",
    template_version="1.1.0",
    accepted_versions=("1.0.0", "1.1.0"),
    manifest=MANIFEST,
    manifest_files=MANIFEST_FILES,
    organisations=ORGANISATIONS,
    participants=PARTICIPANTS,
    events=EVENTS,
    aggregate=AGGREGATE,
    rules=PACK_RULES,
    least_share_accepted=LEAST_SHARE_ACCEPTED,
)
