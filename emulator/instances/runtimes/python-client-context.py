"""The client context that a mobile SDK sends, as the vendor's client gives it to handlers [S]. Loaded with the first one."""


class Fields:
    """An object with the fields of a JSON object; those that are not there are None."""

    __slots__ = ()

    def __init__(self, values):
        for field in self.__slots__:
            setattr(self, field, values.get(field))

    def __repr__(self):
        fields = ",".join(f"{field}={getattr(self, field)}" for field in self.__slots__)
        return f"{type(self).__name__}([{fields}])"


class Client(Fields):
    __slots__ = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]


class ClientContext(Fields):
    __slots__ = ["custom", "env", "client"]

    def __init__(self, values):
        super().__init__(values)
        if self.client is not None:
            self.client = Client(self.client)
