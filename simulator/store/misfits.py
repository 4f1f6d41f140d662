"""What a database refuses for its value: too long, too large, or there already."""

from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError

from simulator.errors import Conflict, SimulatorError

#: How PostgreSQL's state begins where a value exceeds a limit of the program, as of an index.
_LIMIT_EXCEEDED = "54"


def find_misfit(error: SQLAlchemyError | OverflowError) -> SimulatorError | None:
    """Return what to say of a value that the database does not take; None for other errors."""
    if isinstance(error, IntegrityError):
        return Conflict(
            "Another request made the same at this moment: look at what there is, then try again.",
            "另一个请求同时创建了相同的记录：请查看现状后重试。",
        )
    state = str(getattr(getattr(error, "orig", None), "sqlstate", ""))
    exceeds = isinstance(error, OperationalError) and state.startswith(_LIMIT_EXCEEDED)
    if exceeds or isinstance(error, (DataError, OverflowError)):
        return SimulatorError(
            "A text is too long for the database, or a number too large: send a smaller one.",
            "文本过长或数字过大，数据库无法保存：请缩短或改小。",
        )
    return None
