"""The root logger as Lambda's: `[LEVEL]<tab>time<tab>request id<tab>message`, or JSON under AWS_LAMBDA_LOG_FORMAT=JSON, with
the fields that the vendor's client gives it [S]. Loaded when a handler imports `logging`.
"""

import os
import time

# Attributes of every record; what else one has was given by `extra`.
KNOWN = frozenset(
    "name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created msecs "
    "relativeCreated thread threadName processName process aws_request_id tenant_id".split()
)



def patch(logging, log, request_id, in_json):
    """@param log (text) one whole message. @param request_id () -> of the running invocation"""

    class LambdaLoggerHandler(logging.Handler):
        def emit(self, record):
            log(self.format(record).rstrip("\n"))

    class LambdaLoggerFilter(logging.Filter):
        def filter(self, record):
            record.aws_request_id = request_id()
            record.tenant_id = None
            return True

    logging.Formatter.converter = time.gmtime
    handler = LambdaLoggerHandler()
    handler.setFormatter(json_formatter(logging) if in_json else text_formatter(logging))
    handler.addFilter(LambdaLoggerFilter())
    logging.root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = "DEBUG" if level == "TRACE" else level
    if level in logging._nameToLevel:
        logging.root.setLevel(level)


def text_formatter(logging):
    text = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    return logging.Formatter(text, "%Y-%m-%dT%H:%M:%S")


def json_formatter(logging):
    import json

    class JsonFormatter(logging.Formatter):
        def format(self, record):
            import traceback

            error_type, error, trace = record.exc_info or (None, None, None)
            entry = {
                "timestamp": self.formatTime(record, self.datefmt),
                "level": logging.getLevelName(min(50, max(0, record.levelno)) // 10 * 10),
                "message": record.getMessage(),
                "logger": record.name,
                "stackTrace": traceback.format_tb(trace) if error_type else None,
                "errorType": error_type.__name__ if error_type else None,
                "errorMessage": str(error) if error_type else None,
                "requestId": getattr(record, "aws_request_id", None),
                "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if error_type else None,
            }
            given = {key: value for key, value in vars(record).items() if key not in KNOWN and key not in entry}
            return json.dumps(
                {key: value for key, value in {**entry, **given}.items() if value is not None}, ensure_ascii=False
            )

    return JsonFormatter(datefmt="%Y-%m-%dT%H:%M:%SZ")
