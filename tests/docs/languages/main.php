<?php
require 'conzhu.php';

if (PHP_SAPI === 'cli-server') {
    answer_push(fn ($params) => file_put_contents('php://stdout', "push {$params['order_no']}\n"));
    return;
}
[, $path, , ] = $argv;
$pdf = file_get_contents($path);
$business = ['guarantee_pdf_hash' => file_hash($pdf)];
foreach (array_slice($argv, 3) as $pair) {
    [$name, $value] = explode('=', $pair, 2);
    $business[$name] = $value;
}
echo 'amount ', amount('1234.5'), "\n";
echo 'list ', json_list(['施工', 'a/b"']), "\n";
$fields = ['access_token' => token(), 'param' => message('insurer_push_guarantee', $business)];
echo 'answer ', post_file($fields, 'guarantee_pdf', $pdf), "\n";
