"""The errors of running: what a user can cause, each with one clear message.

OperationError
├── SettingsError      an environment variable or path that cannot be used
├── LandingError       no landing folder, or nothing in it that can be received
├── StoreError         a store that lacks what is asked of it
│   ├── NotBuiltError  what is asked of a store is not there until a quarter is built
│   └── NoPageError    an address of the desk at which nothing is shown
├── NotForViewersError  a page that is not for those to whom it is served
├── CheckingError      a pack that cannot be checked here, or a checker that cannot be made
├── FeedbackError      feedback to an area that cannot be written yet, or to no known area
├── BusyError          something that another process has held for too long
├── StoppedError       a run that a person or the machine ended before it was done
├── RecordError        a record of a release that is lost, altered or not of this system
├── SignOffError       a release that is not signed off, or not as it now is
├── EmbargoError       a release that may not be published yet
├── BackupError        a backup that cannot be made, or is not as it was made
└── ServiceError       the UI cannot be served, or a process that it needs has ended
"""


class OperationError(Exception):
    """Base of the errors that a user can cause."""


class SettingsError(OperationError):
    """An environment variable or path that cannot be used."""


class LandingError(OperationError):
    """No landing folder, or nothing in it that can be received."""


class StoreError(OperationError):
    """A store that lacks what is asked of it."""


class NotBuiltError(StoreError):
    """What is asked of a store is not there until a quarter is built."""


class NoPageError(StoreError):
    """An address of the desk at which nothing is shown; its words name no file and no folder."""


class NotForViewersError(OperationError):
    """A page that is not for those to whom it is served."""


class CheckingError(OperationError):
    """A pack that cannot be checked before it is sent, or a checker that cannot be made."""


class FeedbackError(OperationError):
    """Feedback to an area that cannot be written yet, or to no area that is known."""


class ScoringError(OperationError):
    """What was found in synthetic packs cannot be compared with what was planted."""


class BusyError(OperationError):
    """Something that another process has held for too long."""


class StoppedError(OperationError):
    """A run that a person or the machine ended before it was done."""


class RecordError(OperationError):
    """A record of a release that is lost, altered or not of this system."""


class SignOffError(OperationError):
    """A release that is not signed off, or not as it now is."""


class EmbargoError(OperationError):
    """A release that may not be published yet."""


class BackupError(OperationError):
    """A backup that cannot be made, or is not as it was made."""


class ServiceError(OperationError):
    """The UI cannot be served, or a process that it needs has ended."""
