"""Files as people write them: line ends, quotation marks and ids of any kind are read right."""

from __future__ import annotations

import hashlib
import io

import pytest

import phm_diabetes as phm
from phm_diabetes.errors import OptionError, SourceReadError
from phm_diabetes.records.block_executor import BlockExecutor
from phm_diabetes.records.csv_files import look_at_csv
from phm_diabetes.records.layouts.england_hes_op import ENGLAND_HES_OP
from phm_diabetes.records.outpatient_measures import OP_ATTENDANCES
from phm_diabetes.records.plain_csv import PlainCsv
from phm_diabetes.records.progress import Progress

HEADER = "ATTENDKEY,TOKEN_PERSON_ID,APPTDATE,ATTENDED,FIRSTATT,TRETSPEF,PROCODE,GPPRAC,NOTE"
ROWS = (
    "1," + "A" * 32 + ',2023-05-02,5,1,307,RNA00,M87001,"two\nlines, and a comma"',
    "2," + "A" * 32 + ',20230503,6,2,307.0,RNA00,M87001,"a ""quoted"" word"',
    "3," + "B" * 300 + ",03/05/2023 09:30:00,7,2,307,RNA00,M87001,",
    "4, & ,2023-05-04,5,1,307,RNA00,M87001,&\t",
    "5,x,1801-01-01,5,1,307,RNA00,M87001,",
)
READ = (("1", "attended"), ("2", "attended"), ("3", "missed"), ("4", "attended"))
WRITTEN = {
    "lines end in LF": "\n".join([HEADER, *ROWS]) + "\n",
    "lines end in CRLF": "\r\n".join([HEADER, *ROWS]) + "\r\n",
    "lines end in CR": "\r".join([HEADER, *ROWS]),
    "line ends are mixed": "\r\n".join([HEADER, *ROWS[:2]]) + "\n" + "\r".join(ROWS[2:]) + "\n",
    "a byte order mark is first": "\ufeff" + "\n".join([HEADER, *ROWS]),
    "the last line does not end": "\n".join([HEADER, *ROWS]),
}


def written(folder, how):
    path = folder / "rows.csv"
    path.write_bytes(WRITTEN[how].encode())
    return path


@pytest.mark.parametrize("how", WRITTEN)
def test_a_file_is_read_alike_whether(tmp_path, how):
    path = written(tmp_path, how)
    plain = BlockExecutor(PlainCsv(look_at_csv(path)), ENGLAND_HES_OP, progress=False)
    opened = phm.open_records(path, adapter="england.hes_op", progress=False)
    for executor in (opened.executor, plain):
        survey = executor.survey()
        assert (survey.rows_read, survey.rows_used, survey.rows_reported) == (5, 4, 1)
        rows = executor.frame(["appointment_id", "person", "attendance", "date"], most=10)
        assert tuple(zip(rows["appointment_id"], rows["attendance"], strict=True)) == READ
        people = rows["person"].tolist()
        assert people[0] == people[1] != people[2]
        assert rows["person"].isna().tolist() == [False, False, False, True]
        assert rows["date"].dt.day.tolist() == [2, 3, 3, 4]


def test_people_are_counted_by_their_whole_id_however_long_it_is(tmp_path):
    alike, rest = "B" * 299, ",2023-05-02,5,1,307,RNA00,M87001,"
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([HEADER, *(f"{n},{alike}{n}{rest}" for n in range(8))]))
    people = phm.RecordMeasure(id="op.people", definition="local:1", numerator=phm.Distinct())
    records = phm.open_records(path, adapter="england.hes_op", progress=False)
    found = phm.tally(records, measures=people, periods="2023-24", to="trust")
    assert found["numerator"].tolist() == [10]  # 8 of them, rounded to 5
    assert (found["numerator_low"].iloc[0], found["numerator_high"].iloc[0]) == (8, 12)


def test_broken_rows_are_listed_up_to_the_number_asked_for_of_each_rule(tmp_path):
    path = tmp_path / "rows.csv"
    broken = (f"{n},x,soon,8,1,307,RNA00,M87001," for n in range(40))
    path.write_text("\n".join([HEADER, *broken]))
    records = phm.open_records(path, adapter="england.hes_op", progress=False)
    listed = records.broken_rows(most=3)
    assert listed.groupby("rule").size().to_dict() == {"date": 3, "unknown code": 3}
    assert records.problems().set_index("rule").loc["date", "rows"] == 40


def test_long_work_tells_its_rows_and_the_time_left_and_clears_its_line():
    line = io.StringIO()
    progress = Progress("op.csv", stream=line, shown=True, after=0)
    progress.step(250_000, 0.25)
    assert "op.csv: 250,000 rows, 25%, about 0 s left" in line.getvalue()
    progress.end()
    assert line.getvalue().endswith("\r")
    silent = io.StringIO()
    Progress("op.csv", stream=silent, after=0).step(250_000, 0.25)
    assert silent.getvalue() == ""


def test_the_hash_is_of_the_bytes_that_were_read_whatever_becomes_of_the_file(tmp_path):
    path = written(tmp_path, "lines end in LF")
    records = phm.open_records(path, adapter="england.hes_op")
    survey, read = records.survey(), hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(HEADER)
    assert records.provenance(survey).sha256 == read


def test_a_file_is_not_hashed_for_a_question_that_is_refused(tmp_path):
    path = written(tmp_path, "lines end in LF")
    records = phm.open_records(path, adapter="england.hes_op")
    with pytest.raises(OptionError, match="cannot be had without 'age'"):
        phm.tally(records, measures=OP_ATTENDANCES, periods="2023-24")
    path.unlink()
    with pytest.raises(SourceReadError, match=r"rows\.csv cannot be read any more"):
        _ = records.sha256
