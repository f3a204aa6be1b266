"""The Deliver page; renders are real sound, made by ffmpeg."""

from __future__ import annotations

import wave
from array import array
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from tests.doubles.resolve.open_project import OpenProject

RATE = 48000


def level_file(path: Path, *levels: int) -> Path:
    """A mono file with a second of each level."""
    samples = array("h", [level for level in levels for _ in range(RATE)])
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def levels(path: Path, *seconds: float) -> list[int]:
    """The left channel at these times, to the nearest hundred."""
    with wave.open(str(path), "rb") as file:
        samples = array("h", file.readframes(file.getnframes()))
        channels = file.getnchannels()
    return [round(samples[int(each * RATE) * channels], -2) for each in seconds]


class Delivery(OpenProject):
    def __init__(self, folder: Path, profile: str = "20.3", **wanted: Any) -> None:
        super().__init__(profile, **wanted)
        self.folder = folder
        self.world.ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        self.resolve.OpenPage("deliver")

    def clip(self, at: int, length: int, *file_levels: int, **more: Any) -> Any:
        """A clip on A1; of a file with a second of each level."""
        path = level_file(self.folder / f"source {at}.wav", *file_levels)
        media = self.reel.media(str(path), "audio", frames=25 * len(file_levels), channels=1)
        return self.reel.place(self.reel.track("audio"), at, length, media, **more)

    def job(self, **settings: Any) -> str:
        assert self.project.LoadRenderPreset("Audio Only") is True
        assert self.project.SetCurrentRenderMode(1) is True
        named = {"TargetDir": str(self.folder), "CustomName": "out"}
        sound = {"ExportVideo": False, "ExportAudio": True, "AudioBitDepth": 16}
        assert self.project.SetRenderSettings({**named, **sound, **settings}) is True
        return str(self.project.AddRenderJob())

    def render(self, **settings: Any) -> dict[str, Any]:
        uid = self.job(**settings)
        assert self.project.StartRendering([uid], False) is True
        while self.project.IsRenderingInProgress():
            self.app.sleep(0.25)
        return dict(self.project.GetRenderJobStatus(uid))


def test_a_render_holds_what_is_heard(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    opened.clip(25, 25, 1000, 2000, source_in=Fraction(1))
    opened.clip(75, 25, 4000)
    status = opened.render()
    assert status == {"JobStatus": "Complete", "CompletionPercentage": 100}
    assert levels(tmp_path / "out.wav", 0.5, 1.5, 2.5, 3.5) == [0, 2000, 0, 4000]
    assert opened.world.violations == []


def test_marks_of_a_render_are_absolute_and_the_last_frame_is_in(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    opened.clip(0, 100, 1000, 2000, 3000, 4000)
    marks = {"SelectAllFrames": False, "MarkIn": 90025, "MarkOut": 90074}
    assert opened.render(**marks)["CompletionPercentage"] == 100
    with wave.open(str(tmp_path / "out.wav"), "rb") as file:
        assert file.getnframes() == 2 * RATE
    assert levels(tmp_path / "out.wav", 0.5, 1.5) == [2000, 3000]


def test_marks_counted_from_zero_render_nothing(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    opened.clip(0, 100, 1000)
    status = opened.render(SelectAllFrames=False, MarkIn=0, MarkOut=50)
    assert "Error" in status and status["CompletionPercentage"] < 100
    assert not (tmp_path / "out.wav").exists()


def test_muted_tracks_and_disabled_clips_are_silent(tmp_path: Path) -> None:
    opened = Delivery(tmp_path, reel={"audio": 2})
    opened.clip(0, 25, 1000)
    opened.clip(25, 25, 2000, enabled=False)
    other = opened.clip(50, 25, 3000)
    opened.reel.track("audio").items.remove(other)
    opened.reel.track("audio", 2).items.append(other)
    opened.resolve.OpenPage("edit")
    opened.handle.SetTrackEnable("audio", 2, False)
    opened.resolve.OpenPage("deliver")
    opened.render()
    assert levels(tmp_path / "out.wav", 0.5, 1.5, 2.5) == [1000, 0, 0]


def test_reversed_and_faster_clips(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    opened.clip(0, 50, 1000, 2000, source_in=Fraction(2), speed=Fraction(-1))
    opened.clip(50, 50, 3000, 3000, 4000, 4000, speed=Fraction(2))
    opened.render()
    assert levels(tmp_path / "out.wav", 0.5, 1.5, 2.5, 3.5) == [2000, 1000, 3000, 4000]


def test_nested_items_and_linked_sound_are_heard(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    inner = level_file(tmp_path / "inner.wav", 5000, 6000, 7000)
    nested = opened.reel.media("", "compound", name="Nested", sound=str(inner))
    opened.reel.place(opened.reel.track("audio"), 0, 25, nested)
    # Starts a second later into the linked file than the picture does.
    mapping = {
        "embedded_audio_channels": 2,
        "linked_audio": {"1": {"channels": 1, "offset": -RATE, "path": str(inner)}},
        "track_mapping": {"1": {"channel_idx": [3], "mute": False, "type": "Mono"}},
    }
    synced = opened.reel.media("/camera.mov", mapping=mapping)
    opened.reel.place(opened.reel.track("audio"), 25, 25, synced)
    opened.render()
    assert levels(tmp_path / "out.wav", 0.5, 1.5) == [5000, 6000]


def test_only_the_channels_of_the_mapping_are_heard(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes(array("h", [1000, 6000] * RATE).tobytes())
    for at, channels in enumerate([[1], [2], [1, 2]]):
        mapping = {"track_mapping": {"1": {"channel_idx": channels}}}
        media = opened.reel.media(str(path), "audio", mapping=mapping)
        opened.reel.place(opened.reel.track("audio"), 25 * at, 25, media)
    opened.render()
    assert levels(tmp_path / "out.wav", 0.5, 1.5, 2.5) == [1000, 6000, 3500]


def test_individual_clips_get_other_names(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    opened.clip(0, 25, 1000)
    opened.project.LoadRenderPreset("Audio Only")
    opened.project.SetCurrentRenderMode(0)
    opened.project.SetRenderSettings({"TargetDir": str(tmp_path), "CustomName": "out"})
    opened.project.StartRendering([opened.project.AddRenderJob()], False)
    opened.app.sleep(1)
    assert opened.project.IsRenderingInProgress() is False
    assert [path.name for path in tmp_path.glob("out*")] == ["out_00000001.wav"]


@pytest.mark.parametrize(
    ("fails", "percentage", "error"),
    [("error", 37, True), ("cancelled", 37, False), ("no_file", 100, False)],
)
def test_renders_fail_in_their_ways(
    tmp_path: Path, fails: str, percentage: int, error: bool
) -> None:
    opened = Delivery(tmp_path, render_fails=fails)
    opened.clip(0, 25, 1000)
    status = opened.render()
    assert (status["CompletionPercentage"], "Error" in status) == (percentage, error)
    assert list(tmp_path.glob("out*")) == []


def test_a_render_may_hang(tmp_path: Path) -> None:
    opened = Delivery(tmp_path, render_fails="hangs")
    opened.clip(0, 25, 1000)
    uid = opened.job()
    opened.project.StartRendering([uid], False)
    opened.app.sleep(10000)
    assert opened.project.IsRenderingInProgress() is True
    assert opened.project.GetRenderJobStatus(uid)["CompletionPercentage"] == 99
    opened.project.StopRendering()
    assert opened.project.IsRenderingInProgress() is False


@pytest.mark.parametrize(("form", "taken"), [("list", [True, False]), ("single", [False, True])])
def test_the_form_of_ids_that_a_build_takes(tmp_path: Path, form: str, taken: list[bool]) -> None:
    for given, expected in zip((True, False), taken, strict=True):
        opened = Delivery(tmp_path, start_form=form)
        uid = opened.job()
        answer = opened.project.StartRendering(*([[uid], False] if given else [uid]))
        assert answer is expected


def test_a_job_needs_the_deliver_page(tmp_path: Path) -> None:
    opened = Delivery(tmp_path)
    opened.resolve.OpenPage("edit")
    assert opened.job() == ""
    opened = Delivery(tmp_path, deliver_page=False)
    opened.resolve.OpenPage("edit")
    assert opened.job() != ""


def test_wav_cannot_be_chosen() -> None:
    project = OpenProject().project
    assert project.GetRenderCodecs("wav") == {}
    assert project.SetCurrentRenderFormatAndCodec("wav", "LinearPCM") is False
    assert project.SetCurrentRenderFormatAndCodec("mov", "ProRes422") is True
    assert project.GetCurrentRenderFormatAndCodec() == {"format": "mov", "codec": "ProRes422"}


def test_settings_that_are_refused() -> None:
    opened = OpenProject()
    assert opened.project.SetRenderSettings({"AudioSampleRate": 16000}) is False
    assert opened.world.violations == []
    assert opened.project.SetRenderSettings({"IsExportVideo": False}) is False
    assert opened.project.SetRenderSettings({"AudioFormat": "wav"}) is False
    assert len(opened.world.violations) == 2


def test_a_preset_brings_back_what_was_saved_in_it() -> None:
    opened = OpenProject()
    deliver = opened.reel.project.deliver
    deliver.settings, deliver.codec = {"TargetDir": "/mine", "ExportVideo": True}, "ProRes422"
    project = opened.project
    assert project.SaveAsNewRenderPreset("tmp") is True
    assert project.LoadRenderPreset("Audio Only") is True
    assert project.GetCurrentRenderFormatAndCodec()["format"] == "wav"
    assert deliver.settings == {"ExportVideo": False, "ExportAudio": True}
    assert project.LoadRenderPreset("tmp") is True
    assert deliver.settings == {"TargetDir": "/mine", "ExportVideo": True}
    assert project.GetCurrentRenderFormatAndCodec() == {"format": "mov", "codec": "ProRes422"}
    assert project.DeleteRenderPreset("tmp") is True
    assert project.DeleteRenderPreset("Audio Only") is False


def test_the_stock_preset_may_be_missing_or_have_another_name() -> None:
    assert OpenProject(audio_preset="none").project.LoadRenderPreset("Audio Only") is False
    assert "Nur Ton" in OpenProject(audio_preset="Nur Ton").project.GetRenderPresetList()


def test_loading_a_preset_may_move_the_marks_and_a_render_may_leave_one(tmp_path: Path) -> None:
    opened = Delivery(tmp_path, marks_move=True, stale_mark=True)
    opened.clip(0, 25, 1000)
    opened.project.LoadRenderPreset("Audio Only")
    assert opened.timeline.marks["audio"] == {"in": 0, "out": 24}
    opened.render()
    opened.timeline.marks.clear()
    opened.render()
    assert "video" in opened.timeline.marks


def test_the_status_is_localised() -> None:
    opened = OpenProject(language="de", deliver_page=False)
    project = opened.project
    project.SetRenderSettings({"TargetDir": "/x", "CustomName": "y"})
    uid = project.AddRenderJob()
    assert project.GetRenderJobStatus(uid)["JobStatus"] == "Bereit"
    assert project.GetRenderJobList()[0]["JobId"] == uid
    assert project.DeleteRenderJob(uid) is True
    assert project.GetRenderJobs() == {}


def test_the_users_jobs_are_not_touched() -> None:
    opened = OpenProject()
    opened.project.DeleteAllRenderJobs()
    opened.project.StartRendering()
    assert len(opened.world.violations) == 2
