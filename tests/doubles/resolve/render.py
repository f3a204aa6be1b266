"""The Deliver page: formats, presets, settings, the queue, and jobs that write real sound.

Settings lie on top of what was there before and have no getter; a preset replaces format, mode
and settings as a whole. Formats that are sound only (WAV) cannot be chosen, only loaded.
"""

from __future__ import annotations

import os
from typing import Any

from tests.doubles.resolve import mixing
from tests.doubles.resolve import world as w
from tests.doubles.resolve.profiles import version_key
from tests.doubles.resolve.surface import DATA, Handle
from tests.doubles.resolve.tracks import numbered

FORMATS = {"QuickTime": "mov", "MP4": "mp4", "Wave": "wav", "MP3": "mp3"}
CODECS = {
    "mov": {"H.264": "H264", "Apple ProRes 422": "ProRes422"},
    "mp4": {"H.264": "H264"},
    "mp3": {"MP3": "mp3"},
}
STATES = {
    "en": {
        "ready": "Ready",
        "rendering": "Rendering",
        "complete": "Complete",
        "cancelled": "Cancelled",
        "failed": "Failed",
    },
    "de": {
        "ready": "Bereit",
        "rendering": "Rendern",
        "complete": "Abgeschlossen",
        "cancelled": "Abgebrochen",
        "failed": "Fehlgeschlagen",
    },
    "ja": {
        "ready": "準備完了",
        "rendering": "レンダリング中",
        "complete": "完了",
        "cancelled": "キャンセル",
        "failed": "失敗",
    },
}
SAMPLE_RATES = (32000, 44100, 48000, 88200, 96000, 192000)


class Delivering(Handle):
    """The part of a project's handle that is about rendering."""

    def _project(self) -> w.Project:
        raise NotImplementedError

    def _deliver(self) -> w.Deliver:
        return self._project().deliver

    # Formats.

    def GetRenderFormats(self) -> dict[str, str]:
        return dict(FORMATS)

    def GetRenderCodecs(self, format: str) -> dict[str, str]:
        return dict(CODECS.get(format, {}))

    def GetCurrentRenderFormatAndCodec(self) -> dict[str, str]:
        return {"format": self._deliver().format, "codec": self._deliver().codec}

    def SetCurrentRenderFormatAndCodec(self, format: str, codec: str) -> bool:
        if codec not in CODECS.get(format, {}).values():
            return False
        self._deliver().format, self._deliver().codec = format, codec
        return True

    def GetAudioRenderFormats(self) -> dict[str, str]:
        return {"Wave": "wav", "MP3": "mp3"}

    def GetAudioRenderCodecs(self, extension: str) -> dict[str, str]:
        return {"wav": {"Linear PCM": "lpcm"}, "mp3": {"MP3": "mp3"}}.get(extension, {})

    def GetCurrentRenderMode(self) -> int:
        return self._deliver().mode

    def SetCurrentRenderMode(self, mode: Any) -> bool:
        if mode not in (0, 1):
            return False
        self._deliver().mode = int(mode)
        return True

    # Presets.

    def _presets(self) -> list[w.RenderPreset]:
        switches = self._app.switches
        stock = [w.RenderPreset("H.264 Master", stock=True)]
        if switches.audio_preset != "none":
            sound = {"ExportVideo": False, "ExportAudio": True}
            stock.append(
                w.RenderPreset(
                    switches.audio_preset,
                    switches.audio_format,
                    switches.audio_codec,
                    settings=sound,
                    stock=True,
                )
            )
        return stock + self._deliver().presets

    def GetRenderPresetList(self) -> list[str]:
        return [each.name for each in self._presets()]

    def GetRenderPresets(self) -> dict[Any, str]:
        return numbered(self._app, [each.name for each in self._presets()])

    def LoadRenderPreset(self, name: str) -> bool:
        preset = next((each for each in self._presets() if each.name == name), None)
        if preset is None:
            return False
        deliver, timeline = self._deliver(), self._app.current
        deliver.format, deliver.codec, deliver.mode = preset.format, preset.codec, preset.mode
        deliver.settings = dict(preset.settings)
        if self._app.switches.marks_move and timeline is not None:
            whole = {"in": 0, "out": self._length(timeline) - 1}
            timeline.marks = {"video": dict(whole), "audio": dict(whole)}
        return True

    def SaveAsNewRenderPreset(self, name: str) -> bool:
        if not name or any(each.name == name for each in self._presets()):
            return False
        state = self._deliver()
        preset = w.RenderPreset(name, state.format, state.codec, state.mode, dict(state.settings))
        state.presets.append(preset)
        return True

    def DeleteRenderPreset(self, name: str) -> bool:
        mine = [each for each in self._deliver().presets if each.name == name]
        self._deliver().presets = [each for each in self._deliver().presets if each not in mine]
        return bool(mine)

    def SetRenderSettings(self, settings: Any) -> bool:
        """False, and nothing changed, where one key is refused; an unknown key is a violation."""
        if not isinstance(settings, dict):
            self._app.violation(f"SetRenderSettings: {settings!r}")
            return False
        known = DATA["render_settings"]
        for key in settings:
            if key not in known or version_key(known[key]) > self._app.profile.key:
                self._app.violation(f"SetRenderSettings: no key {key!r} in this version")
                return False
        if settings.get("AudioSampleRate", 48000) not in SAMPLE_RATES:
            return False
        if any(type(settings[key]) is not int for key in ("MarkIn", "MarkOut") if key in settings):
            return False
        self._deliver().settings.update(settings)
        return True

    # The queue.

    def AddRenderJob(self) -> str:
        timeline, state, app = self._app.current, self._deliver(), self._app
        if timeline is None or (app.switches.deliver_page and app.world.page != "deliver"):
            return ""
        if not state.settings.get("TargetDir") or not state.settings.get("CustomName"):
            return ""
        sound = not state.settings.get("ExportVideo", True)
        extension = state.settings.get("AudioFormat") if sound else state.format
        job = w.RenderJob(app.world.uid("job"), timeline.uid, dict(state.settings))
        job.extension = extension or app.switches.render_extension
        job.mode = state.mode
        state.jobs.append(job)
        return job.uid

    def _job(self, uid: Any) -> w.RenderJob | None:
        return next((each for each in self._deliver().jobs if each.uid == uid), None)

    def DeleteRenderJob(self, uid: Any) -> bool:
        job = self._job(uid)
        if job is not None:
            self._deliver().jobs.remove(job)
        return job is not None

    def DeleteAllRenderJobs(self) -> bool:
        self._deliver().jobs.clear()
        return True

    def GetRenderJobList(self) -> list[dict[str, Any]]:
        return [self._told(each) for each in self._deliver().jobs]

    def GetRenderJobs(self) -> dict[Any, dict[str, Any]]:
        return numbered(self._app, [self._told(each) for each in self._deliver().jobs])

    def _told(self, job: w.RenderJob) -> dict[str, Any]:
        settings, timeline = job.settings, self._app.find_timeline(job.timeline)
        return {
            "JobId": job.uid,
            "RenderJobName": job.uid,
            "TimelineName": timeline.name if timeline else "",
            "TargetDir": settings["TargetDir"],
            "OutputFilename": f"{settings['CustomName']}.{job.extension}",
            "IsExportVideo": settings.get("ExportVideo", True),
            "IsExportAudio": settings.get("ExportAudio", True),
            "MarkIn": settings.get("MarkIn", 0),
            "MarkOut": settings.get("MarkOut", 0),
            "PresetName": "Custom",
        }

    def StartRendering(self, *given: Any) -> bool:
        """Ids one by one, a list of ids, or none; a last flag asks for messages on the screen."""
        self._tick()
        switches, interactive = self._app.switches, bool(given) and given[-1] is True
        rest = [each for each in given if not isinstance(each, bool)]
        listed = len(rest) == 1 and isinstance(rest[0], (list, tuple))
        wrong = {"list": not listed, "single": listed}.get(switches.start_form, False)
        if interactive:
            self._app.violation("StartRendering: interactive, errors open a dialog")
        ids = list(rest[0]) if listed else rest
        if not ids:
            self._app.violation("StartRendering: renders the user's jobs too")
        jobs = [job for job in map(self._job, ids) if job is not None]
        if wrong or len(jobs) < max(1, len(ids)) or self._rendering():
            return False
        for job in jobs:
            job.state, job.started = "rendering", self._app.world.clock
        return True

    def StopRendering(self) -> None:
        for job in self._rendering():
            job.state = "cancelled"

    def IsRenderingInProgress(self) -> bool:
        self._tick()
        return bool(self._rendering())

    def _rendering(self) -> list[w.RenderJob]:
        return [each for each in self._deliver().jobs if each.state == "rendering"]

    def GetRenderJobStatus(self, uid: Any) -> dict[str, Any]:
        self._tick()
        job = self._job(uid)
        if job is None:
            return {}
        done = {"complete": 100, "failed": 37, "cancelled": 37}.get(job.state, 0)
        if job.state == "rendering":
            gone = self._app.world.clock - job.started
            done = min(99, int(100 * gone / max(0.01, self._app.switches.render_seconds)))
        status = {
            "JobStatus": STATES[self._app.switches.language][job.state],
            "CompletionPercentage": done,
        }
        return {**status, "Error": job.error} if job.error else status

    def _tick(self) -> None:
        """End the jobs whose time has come."""
        app = self._app
        for job in self._rendering():
            late = app.world.clock - job.started >= app.switches.render_seconds
            if late and app.switches.render_fails != "hangs":
                self._finish(job)

    def _finish(self, job: w.RenderJob) -> None:
        app, timeline = self._app, self._app.find_timeline(job.timeline)
        fails = app.switches.render_fails
        if fails == "cancelled":
            job.state = "cancelled"
            return
        first, last = self._range(job, timeline) if timeline else (0, 0)
        if fails == "error" or timeline is None or last <= first:
            job.state, job.error = "failed", "The render failed"
            return
        name = job.settings["CustomName"] + ("" if job.mode == 1 else "_00000001")
        job.file = os.path.join(job.settings["TargetDir"], f"{name}.{job.extension}")
        if fails != "no_file":
            job.error = mixing.write(app, self._project(), timeline, job, (first, last))
        job.state = "failed" if job.error else "complete"
        if app.switches.stale_mark and last - first == self._length(timeline):
            timeline.marks["video"] = {"in": 0, "out": last - first - 1}

    def _length(self, timeline: w.Timeline) -> int:
        project = self._project()
        return int(w.end_frame(project, timeline)) - w.start_frame(project, timeline)

    def _range(self, job: w.RenderJob, timeline: w.Timeline) -> tuple[int, int]:
        """[first, last) in absolute frames; a mark before the start renders nothing."""
        start, settings = w.start_frame(self._project(), timeline), job.settings
        end = start + self._length(timeline)
        if settings.get("SelectAllFrames", True):
            return start, end
        inclusive = int(self._app.switches.mark_out == "inclusive")
        first, last = settings.get("MarkIn", start), settings.get("MarkOut", end - 1) + inclusive
        return (first, min(last, end)) if first >= start else (0, 0)
