"""OBS Studio itself records the demo film, and the files it leaves are judged."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.obs.conftest import FILM, Open, Recue, install
from tests.hosts.obs.listening import RATE, Said, bare, film_sentences, offset, sound, words_in
from tests.hosts.obs.studio import ObsSetup, wait_for, window_manager

EDGE_SECONDS = 0.3
"""A sentence so near to an edge of the recording counts as cut."""
NEAR_SECONDS = 0.1
SHARE_RIGHT = 0.75
"""Of the words of a recording, the least that are heard as they were said; four words are few."""
WORDS = {"format_words": True}
TRANSCRIBE_LAST = "recue.transcribe_last"
SPLIT = "OBSBasic.SplitFile"
CYCLES = 20
AT_ONCE = 2


@pytest.fixture(scope="module")
def film() -> Any:
    """The film's sound."""
    return sound(FILM)


def is_of_the_film(text: str) -> bool:
    """Whether most words are the film's: OBS leaves sound out where the machine is too busy."""
    known = {bare(word.text) for sentence in film_sentences() for word in sentence}
    found = re.findall(r"[A-Za-z']+", text)
    return len(found) > 1 and sum(bare(word) in known for word in found) >= len(found) / 2


def subtitles(recording: Path, seconds: float = 120) -> str:
    """The SRT beside a recording, once it is there."""
    srt = recording.with_suffix(".srt")
    wait_for(srt.exists, seconds, f"{srt.name} appears")
    return srt.read_text(encoding="utf-8")


def heard_in(recording: Path) -> list[Said]:
    """The words beside a recording, once they are there."""
    words = recording.with_suffix(".words.json")
    wait_for(words.exists, 120, f"{words.name} appears")
    return words_in(words)


def expected(film_at: float, begin: float, end: float) -> list[Said]:
    """The sentences said between two seconds of a recording in which the film begins at `film_at`.

    Whole ones only: of a sentence that is cut, nobody can tell what is to be understood.
    """
    said = []
    for sentence in film_sentences():
        moved = [Said(each.text, each.start + film_at, each.end + film_at) for each in sentence]
        if begin + EDGE_SECONDS <= moved[0].start and moved[-1].end <= end - EDGE_SECONDS:
            said += moved
    return said


def assert_near(heard: list[Said], said: list[Said]) -> None:
    """Where each word was said a word was heard, and nearly all are the word that was said; words
    at the edges may come besides.

    No two recordings of a live program are the same sound, so a word may be heard as its neighbour
    in sound (“to” for “too”) in one of them.
    """
    assert len(said) >= 4
    right = 0
    for word in said:
        near = [each for each in heard if abs(each.start - word.start) <= NEAR_SECONDS]
        assert near, (word, heard)
        right += bare(word.text) in [bare(each.text) for each in near]
    assert right >= SHARE_RIGHT * len(said), (said, heard)


def assert_in_step(recording: Path, film: Any) -> list[Said]:
    """The words beside a recording are where its sound has them; returns what was to be heard."""
    heard, recorded = heard_in(recording), sound(recording)
    said = expected(offset(recorded, film), 0, len(recorded) / RATE)
    assert_near(heard, said)
    return said


def test_a_recording_gets_its_subtitles_in_step_with_its_sound(open_obs: Open, film: Any) -> None:
    with open_obs(**WORDS) as obs:
        recording = obs.record(8.5)
        said = assert_in_step(recording, film)
        text = subtitles(recording)
        told = wait_for(lambda: "subtitle" in obs.status() and obs.status(), 10, "it is told")
        assert obs.quit() == 0
    assert "Good morning, Sam." in text and len(said) >= 10
    assert recording.with_suffix(".srt").name in told


def test_a_pause_leaves_words_and_sound_in_step(open_obs: Open, film: Any) -> None:
    with open_obs(**WORDS) as obs:
        obs.client.start_record()
        obs.until_recording()
        obs.play_film()
        time.sleep(4.5)
        obs.client.pause_record()
        cut = obs.recorded_seconds()
        time.sleep(3)
        obs.resume()
        time.sleep(6)
        recording = obs.stop_recording()
        heard = heard_in(recording)
    recorded = sound(recording)
    length = len(recorded) / RATE
    edge = EDGE_SECONDS
    before = offset(recorded[: int((cut - edge) * RATE)], film)
    after = cut + edge + offset(recorded[int((cut + edge) * RATE) :], film)
    # The film went on while OBS did not record, and OBS left no gap.
    assert 2.5 < before - after < 4.5
    assert_near(heard, expected(before, 0, cut) + expected(after, cut, length))


def test_each_file_of_a_split_recording_gets_its_own(open_obs: Open, film: Any) -> None:
    profile = {
        "Output": {"Mode": "Advanced"},
        "AdvOut": {
            "RecType": "Standard",
            "RecFormat": "mkv",
            "RecEncoder": "none",
            "Encoder": "obs_x264",
            "RecSplitFile": "true",
            "RecSplitFileType": "Manual",
            "RecTracks": "1",
            "TrackIndex": "1",
        },
        "Video": {"AutoRemux": "true"},
    }
    with open_obs(ObsSetup(profile=profile), **WORDS) as obs:
        obs.client.start_record()
        obs.until_recording()
        obs.play_film()
        time.sleep(5.5)
        obs.press(SPLIT)
        wait_for(lambda: len(list(obs.recordings.glob("*.mkv"))) == 2, 10, "OBS splits")
        first, second = sorted(obs.recordings.glob("*.mkv"))
        heard_in(first)
        assert obs.client.get_record_status().output_active, "it is done while the next one runs"
        assert not second.with_suffix(".srt").exists(), "what is being recorded is left alone"
        time.sleep(max(0.0, 12 - obs.recorded_seconds()))
        obs.stop_recording()
        told = [assert_in_step(each, film) for each in (first, second)]
        wait_for(lambda: second.with_suffix(".mp4").exists(), 20, "OBS makes an MP4")
        time.sleep(1)
    # The MP4 that OBS makes of it shares its name, and so its subtitles: they must fit it, too.
    remuxed, original = (sound(second.with_suffix(each)) for each in (".mp4", ".mkv"))
    assert abs(offset(remuxed, film) - offset(original, film)) < 0.03
    assert told[0][-1].text != told[1][-1].text
    assert len(list(second.parent.glob("*.srt"))) == 2


def test_switched_off_it_waits_for_the_hotkey(open_obs: Open) -> None:
    with open_obs(automatic=False) as obs:
        assert TRANSCRIBE_LAST in obs.client.get_hot_key_list().hotkeys
        obs.press(TRANSCRIBE_LAST)
        wait_for(lambda: "Nothing was recorded" in obs.status(), 5, "there is nothing yet")
        recording = obs.record(3)
        time.sleep(4)
        assert list(obs.recordings.iterdir()) == [recording]
        obs.press(TRANSCRIBE_LAST)
        assert is_of_the_film(subtitles(recording))


def test_other_formats_and_another_folder(open_obs: Open, tmp_path: Path) -> None:
    folder = tmp_path / "subtitles of mine"
    folder.mkdir()
    formats = {"format_srt": False, "format_vtt": True, "format_txt": True}
    with open_obs(folder=str(folder), **formats) as obs:
        recording = obs.record(3)
        wait_for(lambda: len(list(folder.iterdir())) == 2, 60, "both files are there")
    assert sorted(folder.iterdir()) == [folder / (recording.stem + s) for s in (".txt", ".vtt")]
    assert list(recording.parent.iterdir()) == [recording]


def test_without_an_engine_it_says_what_to_do(open_obs: Open, tmp_path: Path) -> None:
    bare_home = install(tmp_path / "bare", with_python=False).home
    with open_obs(ObsSetup(environ={"RECUE_HOME": str(bare_home)})) as obs:
        recording = obs.record(1.5)
        told = wait_for(lambda: "Install Recue" in obs.status() and obs.status(), 20, "it is told")
        assert obs.quit() == 0
        log, kept = obs.log, obs.script_settings()["unsent"]
    assert "is not there. Install Recue again." in told
    assert "is not there. Install Recue again." in log and "Traceback" not in log
    assert recording.exists() and str(recording) in kept


def test_the_job_goes_on_when_obs_has_ended(open_obs: Open, recue: Recue) -> None:
    recue.stop_engine()  # so that it has to start and load the model anew, which takes longer
    with open_obs() as obs:
        recording = obs.record(5)
        assert obs.quit() == 0
    assert not recording.with_suffix(".srt").exists(), "OBS was to end before the job"
    assert is_of_the_film(subtitles(recording))


def test_what_was_recorded_when_obs_ended_is_taken_up_next_time(open_obs: Open) -> None:
    with open_obs() as obs:
        obs.client.start_record()
        obs.until_recording()
        obs.play_film()
        time.sleep(3)
        assert obs.quit() == 0
        (recording,) = obs.recordings.iterdir()
        settings = obs.script_settings()
    assert not recording.with_suffix(".srt").exists()
    with open_obs(**settings):
        assert is_of_the_film(subtitles(recording))


def test_the_dialog_opens(open_obs: Open, display: str) -> None:
    with window_manager(display), open_obs() as obs:
        obs.open_scripts()
        assert re.findall(r"Recue: .*", obs.log) == []
        assert obs.quit() == 0


def cycle(open_obs: Open, number: int) -> str:
    """Start OBS, record a moment, end it; what was wrong, or nothing."""
    with open_obs() as obs:
        recording = obs.record(0.5)
        status = obs.quit()
        wrong = re.findall(r"Recue: \w+ in \w+: .*|Traceback.*", obs.log)
    if status or wrong or not recording.stat().st_size:
        return f"{number}: exit status {status}, {wrong}"
    return ""


@pytest.mark.timeout(400)
def test_obs_starts_and_ends_as_if_we_were_not_there(open_obs: Open) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        failures = list(pool.map(lambda number: cycle(open_obs, number), range(CYCLES)))
    assert list(filter(None, failures)) == []
