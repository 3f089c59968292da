"""Executors that end or fail their tasks in a scripted order, in this process."""

from concurrent.futures import Executor, Future


class Reversed(Executor):
    """Does all the work when it is asked for the first result, last task first."""

    def __init__(self) -> None:
        self.tasks: list[tuple] = []

    def submit(self, fn, /, *arguments, **named) -> Future:
        task = (Future(), fn, arguments, named)
        self.tasks.append(task)
        if len(self.tasks) == 6:
            for future, function, positional, keywords in reversed(self.tasks):
                future.set_running_or_notify_cancel()
                future.set_result(function(*positional, **keywords))
        return task[0]


class FirstFails(Executor):
    """Two workers: the first task fails, the second ends once those after it are canceled."""

    def __init__(self) -> None:
        self.futures: list[Future] = []

    def submit(self, fn, /, *arguments, **named) -> Future:
        self.futures.append(Future())
        if len(self.futures) == 2:
            self.futures[1].set_running_or_notify_cancel()
            self.finish_second = lambda _: self.futures[1].set_result(fn(*arguments, **named))
        if len(self.futures) == 6:
            self.futures[5].add_done_callback(self.finish_second)
            self.futures[0].set_exception(RuntimeError("the first one fails"))
        return self.futures[-1]


class OneWorker(Executor):
    """Finishes the first task when it has been given all of them, and never begins another."""

    def __init__(self) -> None:
        self.futures: list[Future] = []

    def submit(self, fn, /, *arguments, **named) -> Future:
        self.futures.append(Future())
        if len(self.futures) == 1:
            self.finish_first = lambda: self.futures[0].set_result(fn(*arguments, **named))
        if len(self.futures) == 6:
            self.finish_first()
        return self.futures[-1]
