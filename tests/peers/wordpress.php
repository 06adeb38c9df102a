<?php
// Drives a real WordPress through its own functions. One JSON object in on stdin, one out.
$job = json_decode(stream_get_contents(STDIN), true);
if ($job['do'] === 'install') {
    define('WP_INSTALLING', true);
}
$_SERVER['HTTP_HOST'] = $job['host'];
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
require $job['root'] . '/wp-load.php';
// The feed's validators tell whole seconds; the caller owns the clock, so that no two changes share one.
function stamp(int $id, string $at): void {
    global $wpdb;
    $wpdb->update($wpdb->posts, ['post_modified' => $at, 'post_modified_gmt' => $at], ['ID' => $id]);
    clean_post_cache($id);
}
$answer = [];
switch ($job['do']) {
    case 'install':
        require $job['root'] . '/wp-admin/includes/upgrade.php';
        wp_install('Wylan Village News', 'editor', 'editor@village.example', true, '', $job['password']);
        wp_delete_post(1, true);
        update_option('comment_moderation', 0);
        update_option('comment_previously_approved', 0);
        $answer['id'] = 0;
        break;
    case 'post':
        $id = wp_insert_post([
            'post_title' => $job['title'],
            'post_content' => $job['text'],
            'post_status' => 'publish',
            'post_author' => 1,
            'post_date_gmt' => $job['at'],
            'post_date' => $job['at'],
        ], true);
        $answer['id'] = is_wp_error($id) ? $id->get_error_message() : $id;
        $answer['url'] = get_permalink($id);
        stamp($id, $job['changed']);
        break;
    case 'edit':
        $answer['id'] = wp_update_post(['ID' => $job['id'], 'post_content' => $job['text']]);
        stamp($job['id'], $job['changed']);
        break;
    case 'trash':
        $answer['id'] = wp_trash_post($job['id']) ? $job['id'] : 0;
        break;
    case 'restore':
        wp_untrash_post($job['id']);
        wp_publish_post($job['id']);
        stamp($job['id'], $job['changed']);
        $answer['id'] = get_post_status($job['id']) === 'publish' ? $job['id'] : 0;
        break;
    case 'lock':
        $answer['id'] = wp_update_post(['ID' => $job['id'], 'post_password' => $job['password']]);
        stamp($job['id'], $job['changed']);
        break;
    case 'hide':
        $answer['id'] = wp_update_post(['ID' => $job['id'], 'post_status' => 'private']);
        break;
    case 'clear':
        foreach (get_posts(['numberposts' => -1, 'post_status' => 'any,trash']) as $post) {
            wp_delete_post($post->ID, true);
        }
        $answer['id'] = 0;
        break;
    case 'comment':
        $answer['id'] = wp_insert_comment([
            'comment_post_ID' => $job['id'],
            'comment_author' => $job['author'],
            'comment_content' => $job['text'],
            'comment_date_gmt' => $job['at'],
            'comment_date' => $job['at'],
            'comment_approved' => 1,
        ]);
        break;
    case 'trash_comment':
        $answer['id'] = wp_trash_comment($job['id']) ? $job['id'] : 0;
        break;
}
echo json_encode($answer);
