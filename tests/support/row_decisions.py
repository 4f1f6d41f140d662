"""Where the interface files differ from the manuals' printed rows, and by which decision."""

# (section, table, name) -> number of the decision by which the schema differs from the printed row.
# The schema carries the same number as x-decision. A name such as data[serial_num] is a member of
# an object that has no table of its own.
DECISIONS: dict[str, dict[tuple[str, str, str], str]] = {
    "insurer": {
        # Printed as array, described or shown as an object with named members.
        ("1.1", "返回结果", "data"): "P49",
        ("2.3", "返回结果", "data"): "P49",
        ("2.5", "返回结果", "data"): "P49",
        ("2.6", "返回结果", "data"): "P49",
        ("2.7", "返回结果", "data"): "P49",
        ("2.11", "返回结果", "data"): "P49",
        ("3.3", "返回结果", "data"): "P49",
        ("4.1", "返回结果", "data"): "P49",
        ("4.3", "返回结果", "data"): "P49",
        # Only the sample has it.
        ("2.5", "返回结果", "data[serial_num]"): "P34",
        ("2.11", "返回结果", "data[serial_num]"): "P34",
        # Amounts are sent as text.
        ("2.3", "返回的数据data", "contract_reckon_amount"): "P29",
        ("2.3", "返回的数据data", "guarantee_amount"): "P29",
        # The sample shows another type than the table: both are accepted.
        ("2.3", "返回的数据data", "ktype"): "P49",
        ("2.3", "返回的数据data", "gtype"): "P49",
        ("4.1", "返回结果", "status"): "P49",
        ("4.2", "返回结果", "status"): "P49",
        ("4.2", "返回data结果", "id"): "P49",
        ("4.3", "返回结果", "status"): "P49",
        # The institution answers a question: a number and its text are one value.
        ("2.6", "返回结果", "status"): "P49",
        ("2.6", "返回的数据data", "serial_num"): "P49",
        ("2.6", "返回的数据data", "is_modified"): "P49",
        ("2.7", "返回结果", "status"): "P49",
        ("2.7", "返回的数据data", "guarantee_no"): "P49",
        ("2.7", "返回的数据data", "serial_num"): "P49",
        ("2.7", "返回的数据data", "ktype"): "P49",
        ("2.7", "返回的数据data", "variety"): "P49",
        ("2.7", "返回的数据data", "amount"): "P49",
        ("2.7", "返回的数据data", "is_avert"): "P49",
        # The institution acknowledges a notice: 200 or "200".
        ("2.2", "返回结果", "status"): "P17",
        ("2.8", "返回结果", "status"): "P17",
        ("2.10", "返回结果", "status"): "P17",
        ("3.1", "返回结果", "status"): "P17",
        # Missing in the table, although the text says signed.
        ("2.8", "请求数据(解密后的数据)", "sign"): "P21",
        ("2.8", "请求数据(解密后的数据)", "timestamp"): "P21",
    },
    "guarantor": {
        # Printed as array, described or shown as an object with named members.
        ("1.1", "返回结果", "data"): "P49",
        ("2.1", "返回结果", "data"): "P49",
        ("2.2", "返回结果", "data"): "P49",
        ("2.5", "返回结果", "data"): "P49",
        ("2.6", "返回结果", "data"): "P49",
        ("2.7", "返回结果", "data"): "P49",
        ("2.10", "返回结果", "data"): "P49",
        ("3.3", "返回结果", "data"): "P49",
        ("4.1", "返回结果", "data"): "P49",
        # Printed with a blank in the name.
        ("2.1", "请求数据(解密后的数据)", "creditor_phone"): "P10",
        ("2.1", "请求数据(解密后的数据)", "guarantee_template_name"): "P10",
        ("2.2", "返回的数据data", "creditor_phone"): "P10",
        # Only the sample has it.
        ("2.5", "返回结果", "data[serial_num]"): "P34",
        # Printed as string, shown as an object with the wrong items.
        ("2.9", "返回结果", "data"): "P33",
        ("2.9", "返回结果", "data[error][error_total]"): "P33",
        ("2.9", "返回结果", "data[error][data]"): "P33",
        ("2.9", "返回结果", "data[error][data][error_msg]"): "P33",
        ("2.9", "返回结果", "data[error][data][error_info][guarantee_no]"): "P33",
        ("2.9", "返回结果", "data[error][data][error_info][remove_guarantee_date]"): "P33",
        ("2.9", "返回结果", "data[error][data][error_info][serial_num]"): "P33",
        # Amounts are sent as text.
        ("2.2", "返回的数据data", "order_amount"): "P29",
        # The sample shows another type than the table: both are accepted.
        ("4.1", "返回结果", "status"): "P49",
        # The institution answers a question: a number and its text are one value.
        ("2.6", "返回结果", "status"): "P49",
        ("2.6", "返回的数据data", "serial_num"): "P49",
        ("2.6", "返回的数据data", "is_modified"): "P49",
        ("2.7", "返回结果", "status"): "P49",
        ("2.7", "返回的数据data", "guarantee_no"): "P49",
        ("2.7", "返回的数据data", "serial_num"): "P49",
        ("2.7", "返回的数据data", "ktype"): "P49",
        ("2.7", "返回的数据data", "variety"): "P49",
        ("2.7", "返回的数据data", "amount"): "P49",
        ("2.7", "返回的数据data", "is_avert"): "P49",
        ("2.10", "返回结果", "status"): "P49",
        ("2.10", "返回的数据data", "guarantee_no"): "P49",
        ("2.10", "返回的数据data", "serial_num"): "P49",
        ("2.10", "返回的数据data", "status"): "P49",
        # The institution acknowledges a notice: 200 or "200".
        ("2.1", "返回结果", "status"): "P17",
        ("2.4", "返回结果", "status"): "P17",
        ("3.1", "返回结果", "status"): "P17",
    },
}
