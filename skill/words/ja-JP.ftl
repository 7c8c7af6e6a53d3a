# 日本語の文。耳で聞くために書く。です・ます、数と結論が先、文は短く、間は「、」と「。」で取る。
# ラテン文字は AWS、DNS、NAT、ACL、IP、OS だけ（Slack と Toban は目で読む文だけ）。ほかの製品名はかたかなにする（システムズマネージャー）。
# 読み違えやすい語はかなで書く（いま、ほか、なにも）。「分」の読みは kana.py が付ける。
# 数え方は、インスタンスが台、検出・パッチ・作業が件、そのほかの物が個。

## 枠
launch = セキュリティ当番です。{ $news }ご用件はなんでしょう？
launch-quiet = 異常ありません。
launch-running = 実行中の作業が{ $capped ->
    [yes] 少なくとも{ $count }件あります。
   *[no] { $count }件あります。
  }
launch-waiting = 返事を待っている提案が{ $count }件あります。
launch-digest = 新しいまとめがあります。{ $count ->
    [0] 対応が必要なものはありません。
   *[other] 対応が必要なものが{ $count }件あります。
  }
launch-ended = 前回のあと、{ $count ->
    [1] 作業が1件終わりました。{ $sentence }
   *[other] 作業が{ $capped ->
        [yes] 少なくとも{ $count }件
       *[no] { $count }件
      }終わりました。最後は、{ $sentence }
  }
launch-brief = { $about }は、{ $ending ->
    [done] 終わりました。
    [partial] 一部だけ終わりました。
   *[failed] 失敗しました。
  }詳しくは「状況は」と聞いてください。
launch-findings = { $more ->
    [yes] 新しく、深刻な検出が{ $count }件以上あります。
   *[no] 新しく、{ $critical ->
        [0] {""}
       *[other] 重大な検出が{ $critical }件
      }{ $high ->
        [0] {""}
       *[other] { $critical ->
            [0] {""}
           *[other] 、
          }危険度の高い検出が{ $high }件
      }あります。
  }
launch-new = 新しく、{ $names }に不審の疑いがあります。
isolated-names = { $names }は隔離中です。
suspicious-names = { $names }に不審の疑いがあります。
on-group = { $group }の
launch-first = セキュリティ当番です。ご用件はなんでしょう？
launch-again = 「重大な検出を読んで」、または「ヘルプ」と言ってみてください。
help = 「ウェブサーバーを評価して」「重大な検出を読んで」「脆弱なインスタンスにパッチを当てて」「不審なものはある」「バッチ三を隔離して」などと言えます。どうしますか？
help-again = たとえば、「評価は終わった」と聞いてください。
help-pending = いまの質問は取り下げました。同じことをもう一度頼むか、「状況は」と聞いてください。どうしますか？
help-pending-again = 「状況は」、または「ストップ」と言えます。
help-findings = 「二番目を教えて」で詳しく、「次の三件」で続きを、「パッチを当てて」で対策を始められます。どうしますか？
help-findings-again = 「二番目を教えて」、または「次の三件」と言ってみてください。
help-which = { $example }やめるなら「ストップ」です。どれにしますか？
help-focus = { $instance }について、「通信を見せて」「隔離して」「解放して」などと言えます。どうしますか？
help-focus-again = 「隔離して」、または「通信を見せて」と言えます。
fallback = すみません、聞き取れませんでした。検出、パッチ、不審なもののことを聞けます。どうしますか？
fallback-again = 「重大な検出を読んで」と言ってみてください。
fallback-choices = まだわかりません。「重大な検出」「パッチを当てて」「不審なものはある」「状況は」。どれにしますか？
fallback-choices-again = 「状況は」、または「ストップ」と言ってください。
fallback-goodbye = うまく聞き取れないので、ここまでにします。なにもしていません。
fallback-pending = すみません、聞き取れませんでした。このまま進めますか？
fallback-asked = すみません、聞き取れませんでした。
goodbye = わかりました。お気をつけて。
cancelled = わかりました。なにもしていません。
nothing-pending = 返事を待っている質問はありません。どうしますか？
nothing-pending-again = 「ヘルプ」と言うと、使い方をお話しします。
nothing-to-correct = 言い直すもとの話がありません。どうしますか？
nothing-to-correct-again = たとえば、「データベースの検出を読んで」と言ってください。
nothing-to-repeat = まだなにもお話ししていません。どうしますか？
nothing-to-repeat-again = 「ヘルプ」と言うと、使い方をお話しします。
no-more = これで全部です。ほかにありますか？
no-more-again = 「パッチを当てて」、または「ヘルプ」と言えます。
holding = いま、AWSに問い合わせています。
no-list = 続きのある一覧がありません。どうしますか？
no-list-again = 「重大な検出を読んで」と言えます。
no-before = 戻るところがありません。どうしますか？
no-before-again = 「重大な検出を読んで」と言ってみてください。
anything-else = ほかにありますか？
wait-yes = 進めるなら「はい」、やめるなら「いいえ」と言ってください。
list-two = { $first }と{ $second }
list-more = { $list }、ほか{ $count }台
list-more-things = { $list }、ほか{ $count }件
list-or = { $list }か、{ $last }
list-last = { $list }、{ $last }
just-now = たったいま
ago = { $duration }前
duration-seconds = { $n }秒
duration-minutes = { $n }分
duration-hours = { $n }時間
which-group = どのサーバーですか？グループの名前か、「全部」と言ってください。
which-group-again = たとえば、「ウェブ」、または「全部」です。
which-attacked = 攻撃の証拠がまだありません。どのインスタンスですか？
which-attacked-again = たとえば、「バッチ三」のように名前を言ってください。
which-instance = どのインスタンスですか？
which-instance-again = たとえば、「ウェブ二」のように名前を言ってください。
which-contained = どのインスタンス、ユーザー、ロール、または関数ですか？
which-principal = どのユーザー、またはロールですか？
which-principal-again = たとえば、「ユーザー、アリス」のように名前を言ってください。
which-function = どの関数ですか？
which-function-again = たとえば、「オーダーエクスポート」のように名前を言ってください。
which-severity = どの危険度ですか？
which-severity-again = 「重大」「高」「中」「低」のどれかを言ってください。
which-finding = どれですか？検出をお聞かせしたあとに、「最初の検出」などと言ってください。
which-finding-again = たとえば、「二番目の検出」です。
which-choice = どちらですか？名前か、「最初のもの」と言ってください。
which-choice-again = たとえば、「最初のもの」です。
prove-alexa = その前に、ご本人かどうか確認します。
prove-pin = 進めるには、4桁の暗証番号が必要です。番号は？
prove-pin-again = 4桁の暗証番号を言うか、「キャンセル」と言ってください。
severity-CRITICAL = 重大な
severity-HIGH = 危険度の高い
severity-MEDIUM = 中程度の
severity-LOW = 軽い
severity-UNTRIAGED = 未判定の
severity-INFORMATIONAL = 参考レベルの
about-of = { $subject }の
about-assess = { $subject }評価
about-patch = { $subject }パッチ適用
about-isolate = { $subject }隔離
about-release = { $subject }解除
about-lock_principal = { $subject }ロック
about-lock_function = { $subject }ロック
about-mark_suspicious = { $subject }不審マーク
about-block_source = { $subject }攻撃元のブロック
about-undo = { $subject }取り消し
about-approve = { $subject }承認
about-decline = { $subject }却下
about-triage = 検出結果のお知らせ
about-verify_fix = 修正の確認

ended-broken = { $about }は、こちらの不具合で途中で止まりました。どこまで進んだかわかりません。ログを見てください。

## 対象から外すものと理由
left-out-already = { $names }は、すでにその状態です。
left-out-isolated = { $names }は隔離中です。
left-out-suspicious = { $names }には不審の疑いがあります。
left-out-protected = { $names }は保護されています。
left-out-stopped = { $names }は止まっています。
left-out-unmanaged = { $names }はシステムズマネージャーの管理外です。
left-out-offline = { $names }は応答がありません。
left-out-busy = { $names }は作業中です。
left-out-unscanned = { $names }は、まだパッチの確認をしていません。
left-out-no_fix = { $names }には、当てられる修正がありません。
left-out-not_agreed = { $names }は提案のあとに加わったので、承認されていません。
left-out-intro = { $count }台は外します。{ $reasons }

## 注意
warning-reboot = 再起動するかもしれません。
warning-dns = DNSの問い合わせは止まりません。
warning-whole_subnet = { $subnets ->
    [1] サブネット全体に効きます。
   *[other] これを使う{ $subnets }個のサブネットすべてに効きます。
  }
warning-vanished = 本体はもうないので、ほかに残した設定だけを片付けます。
warning-drifted = そのあと、だれかが{ $drift_part }を変えています。
warning-keys = アクセスキー{ $keys }個が、また使えるようになります。
warning-last_target = ロードバランサー{ $last }個で、正常なのはこの1台だけです。
warning-nat = NATゲートウェイ越しの接続は、しばらく続くかもしれません。
warning-unread = { $unread_part }は確認できませんでした。
warning-shared_role = それらもいっしょに止まります。
warning-role_spared = ロールは共用なので、この関数だけを拒否します。
warning-password = コンソールのパスワードは、もとに戻せません。
warning-policy_delay = AWSに反映されるまで、5分ほどかかることがあります。
warning-provisioned = プロビジョニングした同時実行の料金は、かかり続けます。
warning-running_calls = 実行中の呼び出しは続きます。
warning-sessions = このロールの古いセッションは、だれのものでもすべて切れます。
warning-interfaces_gone = もとのインターフェース{ $away }個はもうなく、戻せません。
grew = 対象がさきほどより増えました。

## 評価
assess-started = { $group_part }{ $count }台の評価を始めます。{ $left }{ $estimate }終わったかどうか、あとで聞いてください。
assess-estimate = 30分ほどかかります。
assess-nothing = 評価できる稼働中のインスタンスがありません。{ $left }
assess-done = 重大な脆弱性は{ $critical }件、危険度の高いものは{ $high }件です。対象は{ $count }台です。{ $checks ->
    [yes] チェックは{ $total_checks }件のうち{ $failed_checks }件が不合格です。
   *[no] {""}
  }評価に{ $duration }かかりました。
assess-partial = 評価は終わりましたが、できなかったものがあります。{ $missing }です。重大な脆弱性は{ $critical }件、危険度の高いものは{ $high }件、対象は{ $count }台です。{ $checks ->
    [yes] チェックは{ $total_checks }件のうち{ $failed_checks }件が不合格です。
   *[no] {""}
  }{ $duration }かかりました。
assess-failed = 評価に失敗しました。{ $reason }
assess-missing-cis = 設定の検査
assess-missing-rescan = 再検査
assess-missing-counts = 検出の集計
assess-missing-cleanup = 検査設定の削除
assess-missing-tags = 状態タグの書き込み
assess-missing-ticket = チケットの作成
assessment_status-answer = { $state ->
    [none] この1週間、評価はありません。
    [running] まだです。{ $instances }台の評価を始めて、{ $duration }です。
    [done] 終わりました。{ assess-done }
    [partial] 終わりましたが、完全ではありません。{ assess-partial }
   *[failed] 失敗しました。{ $reason }
  }

## 検出
findings-answer = { $count ->
    [0] { $group_part }{ $severity_word }検出はありません。
    [1] { $group_part }{ $severity_word }検出は1件です。{ $items }
   *[other] { $group_part }{ $severity_word }検出は{ $count }件です。{ $lead }{ $items }
  }{ $offer }
findings-lead = 深刻な順に{ $exploited ->
    [yes] 、すべて悪用例あり、
    [available] 、すべて攻撃コードあり、
   *[no] 、
  }
findings-lead-on = { $exploited ->
    [yes] すべて悪用例あり、
    [available] すべて攻撃コードあり、
   *[no] {""}
  }
findings-items = { $place }番、{ $exploited ->
    [yes] 悪用例あり、{ $what }、
    [available] 攻撃コードあり、{ $what }、
    [told] { $what }、
   *[no] { $what }、{ $score ->
        [0] {""}
       *[other] スコア{ $score }、
      }
  }{ $name }{ $others ->
    [0] 。
   *[other] ほか{ $others }台。
  }
findings-more = 続けますか？
findings-more-again = 続きは「はい」、詳しくは「二番目を教えて」のように言ってください。
findings-end = 詳しく聞きますか？
findings-end-again = 「最初の検出」、または「ストップ」と言ってください。
finding-port = { $last ->
    [none] ポート{ $first }
   *[other] ポート{ $first }から{ $last }
  }が外から届く状態
finding_detail-answer = { $network ->
    [yes] { $severity_word }検出で、{ $what }です。パッチではなく、セキュリティグループかネットワークACLで閉じます。
   *[no] { $severity_word }検出で{ $score ->
        [0] す。
       *[other] 、スコアは{ $score }です。
      }{ $package }の{ $installed }です。{ $fix_part }
  }対象は{ $count }台、{ $names }です。{ $sites_part }
finding_detail-elsewhere = { $sites }にもあります。
finding-id = { $id }です。
finding-id-none = それには識別番号がありません。
fix-none = 修正はまだありません。
fix-version = { $count ->
    [1] バージョン{ $version }で直ります。
   *[other] 新しいパッケージで直ります。
  }
fix-patch = パッチマネージャーで当てられます。
fix-manual = OSのパッケージではないので、パッチマネージャーは使えません。

## パッチ
patch-confirm = { $grew }{ $count ->
    [1] { $names }の1台で、パッチは{ $missing }件です。
   *[other] { $group_part }{ $count }台で、パッチは{ $missing }件です。
  }{ $warnings }{ $left }パッチを当てますか？
patch-started = { $count ->
    [1] { $names }に
   *[other] { $count }台に
  }パッチを当てています。{ $estimate }あとで状況を聞いてください。
patch-estimate = 数分かかります。
patch-nothing = パッチを当てられるものがありません。{ $left }
patch-done = { $patched_count ->
    [0] パッチが当たったものはありません。
    [1] { $patched }にパッチが当たりました。
   *[other] { $patched_count }台にパッチが当たりました。
  }{ $duration }かかりました。{ $reboot_part }{ $still_part }
patch-partial = { $patched_count ->
    [0] パッチが当たったものはありません。
    [1] { $patched }にパッチが当たりました。
   *[other] { $patched_count }台にパッチが当たりました。
  }{ $failed }{ $duration }かかりました。{ $reboot_part }{ $still_part }{ $unverified_part }
patch-unfollowed = { $count }台にパッチを送りましたが、結果を確認できませんでした。{ $reason }
patch-unverified = 再検査での確認はできませんでした。
patch-failed = パッチ適用に失敗しました。{ $failed }{ $reason }
patch-failed-item = { $name }は失敗しました。{ $why }。
patch-still-most = { $count }台には、まだ深刻な検出があります。{ $why ->
    [failed] うち{ $most }台は、パッチが失敗したためです。
    [no_fix] うち{ $most }台には、修正がまだありません。
    [manual] うち{ $most }台は、パッチマネージャーの対象外のソフトです。
    [pending] うち{ $most }台は、次の検査で消える見込みです。
   *[unknown] うち{ $most }台の理由は調べていません。
  }
patch-still-why = { $names }には、まだ深刻な検出があります。{ $why ->
    [failed] パッチが失敗したためです。
    [no_fix] 修正がまだありません。
    [manual] パッチマネージャーの対象外のソフトです。
    [pending] 次の検査で消える見込みです。
   *[unknown] 理由は調べていません。
  }
patch-reboot = { $names }は再起動待ちです。
why-no-answer = 応答がありませんでした
why-not-installed = { $count }件のパッチが入りませんでした
why-in-log = 理由は記録にあります

## 不審と証拠
suspicious-answer = { $count ->
    [0] 不審なものはありません。
   *[other] 不審なものは{ $count }台です。{ $items }
  }{ $isolated_part }
suspicious-items = { $name }{ $known ->
    [yes] は、{ $sources }か所から、拒否が少なくとも{ $rejected }件、許可が{ $accepted }件です。{ $attacker ->
        [yes] 拒否のうち{ $attacker_rejected }件は、同じアドレスからです。
       *[no] {""}
      }
   *[no] の証拠はまだありません。
  }
suspicious-items-more = ほかに{ $count }台あります。
traffic-answer = { $ready ->
    [yes] { $instance }への通信です。この3日間、{ $sources }か所から、拒否が少なくとも{ $rejected }件、許可が{ $accepted }件です。{ $top }
   *[no] { $instance }のフローログを読んでいるところです。少ししたら、もう一度聞いてください。
  }
traffic-top = { $outside ->
    [yes] 外部の1つのアドレスから、
   *[no] 内部の1つのアドレスから、
  }拒否が{ $rejected }件、許可が{ $accepted }件ありました。
mark_suspicious-confirm = { $grew }{ $instance }を不審としてマークし、証拠を集めますか？
mark_suspicious-started = { $instance }を不審としてマークし、証拠を集めています。
mark_suspicious-nothing = { $instance }はすでにマークしてあります。
mark_suspicious-done = { $instance }を不審としてマークしました。拒否は少なくとも{ $rejected }件、許可は{ $accepted }件、重大な検出は{ $critical }件です。{ $shared ->
    [0] 同じロールを使うものはありません。
   *[other] 同じロールを使うインスタンスが、ほかに{ $shared }台あります。
  }
mark_suspicious-partial = { $instance }を不審としてマークしましたが、読めなかったものがあります。{ $missing }です。
mark_suspicious-missing-flows = フローログ
mark_suspicious-missing-findings = 検出
mark_suspicious-missing-shared = 同じロールを使うもの
mark_suspicious-failed = { $instance }をマークできませんでした。{ $reason }

## 隔離と解除
isolate-confirm = { $grew }{ $instance }の隔離ですね。{ isolate-radius }{ $warnings }隔離しますか？
isolate-radius = インターフェースは{ $interfaces }個で、{ $shared ->
    [0] 同じロールを使うインスタンスはほかにありません。
   *[other] 同じロールを使うインスタンスがほかに{ $shared }台あります。
  }{ $place_part }
isolate-place = { $parts }につながっています。
isolate-fleet = オートスケーリンググループの{ $fleet }
isolate-balancers = ロードバランサー{ $count }個
isolate-addresses = エラスティックIP{ $count }個
isolate-started = { $instance }を隔離しています。{ $estimate }あとで状況を聞いてください。
isolate-estimate = 1分半ほどかかります。
usually = いつもは{ $duration }ほどかかります。
isolate-nothing = { $instance }はすでに隔離中です。
isolate-done = { $instance }を隔離しました。{ $interfaces ->
    [1] インターフェースが、
   *[other] インターフェース{ $interfaces }個すべてが、
  }通信できないことを確認しました。{ $snapshot_part }
isolate-snapshots = スナップショットを{ $count }個取り始めました。
isolate-partial = { $instance }に注意してください。{ $trouble }
isolate-wide-open = インターフェース{ $count }個が、すべての通信に開放されたままで、閉じられませんでした。すぐに対応してください。
isolate-not-read = インターフェースを移しましたが、AWSから読み直せず、確認できていません。
isolate-some = 閉じたインターフェースは、{ $interfaces }個のうち{ $closed }個だけです。
isolate-also = { $rest }も、まだ終わっていません。
isolate-unfinished = 隔離は確認しましたが、{ $rest }が終わっていません。
isolate-untagged = 隔離は確認しましたが、状態のタグを書けませんでした。
isolate-failed = { $instance }は隔離できていません。{ $reason }{ $trouble }
release-confirm = { $grew }{ $instance }の解除ですね。{ $kind ->
    [instance] インターフェース{ $interfaces }個を、隔離前のセキュリティグループにそのまま戻します。
   *[other] ロック前のとおりに、そのまま戻します。
  }{ $warnings }解除しますか？
release-started = { $instance }を解除しています。
release-nothing = { $instance }は隔離されていません。
release-done = { $kind ->
    [instance] { $instance }はネットワークに戻りました。インターフェース{ $interfaces }個が、記録どおりであることを確認しました。
   *[other] { $instance }を解除しました。すべて記録どおりであることを確認しました。
  }
release-partial = { $instance }に注意してください。{ $trouble }
release-not-read = 戻せるものは戻しましたが、AWSから読み直せず、確認できていません。
release-some = { $left_part }を戻せませんでした。もう一度解除すると、残りを試します。
release-lost-groups = もとのセキュリティグループのうち{ $count }個は、もうありません。
release-untagged = 記録どおりに戻りましたが、状態のタグを消せませんでした。
release-new = そのあいだに付いたインターフェース{ $count }個は、そのままです。
release-vanished = { $instance }はもうありません。ほかに残した設定を片付けました。
release-lost = { $lost_part }は戻せませんでした。なくなったか、ほかで使われています。
release-failed = { $instance }は解除できていません。{ $reason }{ $trouble }

## 封じ込めの内訳
measure-role = ロール
measure-sessions = 古いセッション
measure-protection = 終了保護
measure-autoscaling = オートスケーリンググループ
measure-balancers = ロードバランサー
measure-addresses = エラスティックIP
measure-tracking = 接続の追跡
measure-network = セキュリティグループ
measure-metadata = メタデータサービス
measure-snapshots = スナップショット
measure-console = コンソール
measure-deny = 拒否ポリシー
measure-keys = アクセスキー
measure-password = コンソールのパスワード
measure-concurrency = 同時実行数
measure-mappings = イベントソース
measure-execution = 実行ロール
verify-answer = { $count ->
    [0] 封じ込めているものはありません。
    [1] { $items }{ $since_part }
   *[other] { $count }件のうち{ $held }件は、封じ込めを確認しました。{ $items }
  }
verify-since = { $door ->
    [voice] { $when }、担当者が音声で封じ込めを依頼しました。
    [tag] { $when }、タグで封じ込めが依頼されました。
    [sns] { $when }、ロックダウンの通知で封じ込めが依頼されました。
    [finding] { $when }、検出をきっかけに封じ込めが依頼されました。
   *[unknown] 封じ込めの依頼は{ $when }です。
  }
verify-items = { $name }は{ $state ->
    [held] 、封じ込められたままです。すべて読み直しました。
    [drifted] 、もう封じ込められていません。だれかが{ $drift_part }を変えました。
    [unread] 読めなかったので、わかりません。
    [partly] 、封じ込めたときのままですが、完全ではありません。
    [underway] 、いま作業中です。あとで状況を聞いてください。
    [unfinished] 、封じ込めが途中で止まっています。もう一度封じ込めるか、解除してください。
    [gone] 、もうありません。
   *[free] 封じ込められていません。
  }
lock_principal-confirm = { $grew }{ $kind ->
    [user] { $principal }というユーザー
   *[role] { $principal }というロール
  }のロックですね。{ lock_principal-radius }{ $warnings }ロックしますか？
lock_principal-radius = { $kind ->
    [user] { $keys ->
        [0] 有効なアクセスキーはありません。
       *[other] 有効なアクセスキーは{ $keys }個です。
      }
   *[role] { $use_part }
  }
lock_principal-started = { $principal }をロックしています。あとで状況を聞いてください。
lock_principal-nothing = { $principal }はすでにロックされています。
lock_principal-done = { $principal }をロックしました。すべての操作を拒否し{ $kind ->
    [user] 、アクセスキーはすべて無効です。
   *[role] ます。
  }読み直して確認しました。AWSに反映されるまで、5分ほどかかることがあります。
lock_principal-partial = { $principal }に注意してください。{ $trouble }
lock_principal-failed = { $principal }はロックできていません。{ $reason }{ $trouble }
lock-use = { $instances ->
    [0] { $functions ->
        [0] これを使って動いているものは見当たりません。
       *[other] 関数{ $functions }個{ $more }がこれを使っています。{ $names_part }
      }
   *[other] インスタンス{ $instances }台{ $functions ->
        [0] がこれを使っています。
       *[other] と関数{ $functions }個{ $more }がこれを使っています。{ $names_part }
      }
  }
lock-names = 関数は{ $names }です。
lock-more = 以上
lock-unfinished = ロックは確認しましたが、{ $rest }が終わっていません。
lock-some = { $rest }が終わっていません。
lock-not-read = できることはしましたが、AWSから読み直せず、確認できていません。
lock_function-confirm = { $grew }{ $function }という関数のロックですね。{ lock_function-radius }{ $warnings }ロックしますか？
lock_function-radius = { $mappings ->
    [0] イベントソースはありません。
   *[other] イベントソースは{ $mappings }個です。
  }
lock_function-started = { $function }をロックしています。あとで状況を聞いてください。
lock_function-nothing = { $function }はすでにロックされています。
lock_function-done = { $function }をロックしました。新しい呼び出しは始まらず、イベントソースは止まり、ロールは拒否されています。読み直して確認しました。
lock_function-partial = { $function }に注意してください。{ $trouble }
lock_function-failed = { $function }はロックできていません。{ $reason }{ $trouble }
block_source-confirm = { $grew }{ $instance }への拒否が{ $rejected }件あるアドレスですね。ネットワークACL{ $acls }個で止めます。{ $warnings }ブロックしますか？
block_source-started = ブロックしています。
block_source-nothing = そのアドレスはすでにブロックされています。
block_source-done = { $instance }の手前の、ネットワークACL{ $acls }個で、そのアドレスを拒否しました。
block_source-partial = ネットワークACL{ $acls }個でそのアドレスを拒否しましたが、{ $unread ->
    [0] すべてではありません。
   *[other] ほかに{ $unread }個は確認できていません。
  }
block_source-failed = ブロックできませんでした。{ $reason }

## 状況と取り消し
status-answer = { $running_count ->
    [0] { $ended_count ->
        [0] { $waiting_count ->
            [0] この24時間、動きはありません。
           *[other] 実行中のものはありません。
          }
       *[other] { $capped ->
            [yes] 直近の{ $looked }件に、実行中のものはありません。{ $ended }
           *[no] 実行中のものはありません。{ $ended }
          }
      }
    [1] { $running }
   *[other] 実行中は{ $capped ->
        [yes] 少なくとも{ $running_count }件です。
       *[no] { $running_count }件です。
      }{ $running }
  }{ $lost }{ $waiting }{ $isolated_part }
status-running = { $about }{ $fresh ->
    [yes] を始めたところです。
   *[no] を始めて{ $duration }です。{ $of ->
        [0] {""}
       *[other] { $of }段階のうち{ $done }段階が終わりました。
      }
  }
status-ended = { $when }、{ $sentence }
status-lost = { $about }は、{ $when }に頼まれましたが、始まりませんでした。
status-pending = { $count ->
    [1] 返事を待っている提案が1件あります。
   *[other] 返事を待っている提案が{ $count }件あります。いちばん新しいものは、
  }{ $about }で、{ $duration }待っています。
undo-confirm = { $grew }最後の変更は、{ $about }です。取り消しますか？
undo-started = 取り消しています。あとで状況を聞いてください。
undo-nothing = 取り消すものがありません。
undo-done = { $about }を取り消しました。もとどおりであることを確認しました。
undo-partial = { $about }の取り消しは、一部だけです。
undo-failed = 取り消せませんでした。{ $reason }

## 提案：たずねる文は、提案された操作のもの
approve-confirm = { $grew }{ $fresh ->
    [yes] 新しい提案です。
   *[no] { $when }の提案です。
  }{ $question }
approve-started = { $about }の承認を伝えています。あとで状況を聞いてください。
approve-nothing = { $about }については、もうすることがありません。
approve-done = { $about }を承認しました。
approve-partial = { $about }の承認は、一部だけです。
approve-failed = { $about }を承認できませんでした。{ $reason }
decline-confirm = { $grew }{ $fresh ->
    [yes] いま提案された
   *[no] { $when }に提案された
  }{ $about }を、却下しますか？
decline-started = { $about }の却下を伝えています。
decline-nothing = 却下するものがありません。
decline-done = { $about }を却下しました。
decline-partial = { $about }の却下は、一部だけです。
decline-failed = { $about }を却下できませんでした。{ $reason }
proposal-declined = { $about }は却下されました。なにも変えていません。
proposal-expired = { $about }には、時間内に返事がありませんでした。なにも変えていません。

## うまくいかなかったとき
error-error = こちらで不具合がありました。ログに残っています。
error-badrequest = その言い方ではできません。
error-unknown-action = それはまだできません。
error-nomatch = { $nearest_count ->
    [0] { $heard }は見つかりません。
   *[other] { $heard }は見つかりません。{ $nearest }のことですか？
  }
error-uncontained = { $nearest_count ->
    [0] 封じ込めたものに、{ $heard }はありません。
   *[other] 封じ込めたものに、{ $heard }はありません。{ $nearest }のことですか？
  }
error-noseverity = { $heard }はわかりません。重大、高、中、低のどれですか？
error-ambiguous = いくつかあります。{ $matches }です。どれですか？
error-expired = { $reason ->
    [late] 時間がたったので、取り下げました。もう一度頼んでください。
    [other_person] 「はい」と言えるのは、頼んだご本人だけです。
   *[other] 待っているものはもうありません。もう一度頼んでください。
  }なにもしていません。
error-denied = 権限がないため、AWSに断られました。なにもしていません。
error-gone = それはもうありません。
error-conflict = AWSに断られました。理由は記録にあります。
error-throttled = いま、AWSが呼び出しを制限しています。少ししたら、もう一度頼んでください。
error-transient = いま、AWSが応答していません。少ししたら、もう一度頼んでください。
error-unavailable = AWSの応答が間に合いません。なにも始めていません。
error-unsure = 頼みましたが、AWSの確認がまだです。少ししたら、状況を聞いてください。
error-refused = { $reason ->
    [unlisted] この声やアカウントからの指示は受けられません。チームの責任者に登録を頼んでください。やり方は説明書にあります。
    [viewer] お知らせはできますが、変更は、登録された担当者の声だとわかったときだけです。
    [protected] { $names }は保護されています。手を付けません。
    [too_many] 一度に{ $count }台になります。上限は{ $cap }台です。もっと小さいグループを言ってください。
    [hourly] 1時間の上限の{ $cap }件を超えます。
    [no_record] { $instance }を隔離した記録がないので、戻せません。
    [no_attacker] { $instance }には、ブロックするアドレスがありません。
    [unsupported_resource] 封じ込められるのはインスタンス、ユーザー、ロール、関数だけです。これはできません：{ $resource }。
    [unsupported_principal] ロックできるのはユーザーとロールだけです。これはできません：{ $resource }。
    [only_at_home] 評価は、ホームのアカウントとリージョンだけで行います。
    [foreign_account] そのアカウントは、封じ込めの対象ではありません。
    [service_linked] { $name }はAWSのものです。だれにもロックできません。
    [own_address] それは自分たちのアドレスです。ブロックしません。
    [busy] { $action_word }がまだ続いています。終わったら、もう一度頼んでください。
    [no_such_finding] 一覧は{ $count }番までです。
    [no_such_place] お聞かせしたのは{ $count }台だけです。
    [nothing_to_undo] 取り消せる変更がありません。
    [still_running] { $action_word }がまだ続いています。終わってから取り消してください。
    [irreversible] { $action_word }は取り消せません。
    [pin_wrong] 暗証番号が違います。あと{ $left }回です。
    [pin_locked] 暗証番号の間違いが続きました。15分間ロックします。なにもしていません。
    [no_such_proposal] そのような提案は待っていません。待っているのは{ $count }件で、いちばん新しいのは{ $action_word }です。
    [no_proposal] 返事を待っている提案はありません。
    [answered] { $verdict ->
        [approved] それは、すでに承認されています。
        [declined] それは、すでに却下されています。
       *[other] 間に合いませんでした。提案は終わっています。
      }なにもしていません。
    [own_request] ご自分で頼まれたことなので、ほかの人の承認が必要です。
    [unknown_approver] 頼んだ人とは別の人だと確認できません。承認者の身元を登録してください。
    [grew] 承認されたときより対象が増えています。{ $names }です。なにも変えていません。
    [nothing_to_do] もうすることがありません。
    [not_proved] ご本人と確認できませんでした。なにもしていません。
    [no_pin_set_up] アレクサのプロフィールに暗証番号がないので、できません。なにもしていません。
   *[other] それは許可されていません。
  }

## 検出結果
triage-started = 新しい検出結果をお知らせします。
triage-nothing = お知らせする新しい検出結果はありません。
triage-done = { $count ->
    [0] お知らせすべき新しい検出結果はありませんでした。
   *[other] 新しい検出結果を{ $count }件、お知らせしました。
  }
triage-partial = 新しい検出結果を{ $count }件お知らせしましたが、もう一度お知らせするかもしれません。
triage-failed = 新しい検出結果をお知らせできませんでした。{ $reason }次のお知らせまで残しておきます。
triage-title = { $count ->
    [0] 確認できなかった検出結果
   *[other] 新しい検出結果 { $count }件
  }
triage-total = 新しい検出結果は、{ $resources }個のリソースに{ $count }件です：{ $numbers }。
triage-number-CRITICAL = 重大{ $count }件
triage-number-HIGH = 高{ $count }件
triage-number-MEDIUM = 中{ $count }件
triage-number-LOW = 低{ $count }件
triage-number-OTHER = 未判定{ $count }件
triage-severity-CRITICAL = 重大
triage-severity-HIGH = 高
triage-severity-MEDIUM = 中
triage-severity-LOW = 低
triage-severity-UNTRIAGED = 未判定
triage-severity-INFORMATIONAL = 参考
triage-more = まだあります。次のお知らせに続きます。
triage-what = *{ $title }* ({ $marks })
triage-score = CVSS { $score }
triage-epss = EPSS { $percent }%
triage-kev = 悪用が確認されています（KEV）
triage-exploit = 攻撃コードあり
triage-fix-package = 修正：{ $packages }。Patch Managerで入ります。「全部パッチして」と言ってください。
triage-fix-manual = 修正：{ $packages }。Patch Managerでは入りません（{ $managers }）。手で更新してください。
triage-fix-unsaid = 修正：{ $packages }。どう入れたものか、Inspectorは示していません。Patch Managerで入るのは、OSのパッケージだけです。
triage-fix-elsewhere = 修正：{ $packages }。パッチを当てられるのはインスタンスだけです。作り直して、配置し直してください。
triage-fix-no_fix = 修正はまだありません。
triage-fix-network = インターネットから届きます：{ $port }。ポートはパッチでは閉じません。
triage-fix-code = コードそのものの問題です（{ $files }）。パッチでは直りません。
triage-fix-partial = 修正があるのは、一部のパッケージだけです。
triage-fix-unnamed = あります（Inspectorは名前を示していません）
triage-playbook = 手順書：{ $page }
triage-on = 対象：{ $names }。
triage-on-kind = 対象：{ $kind } { $names }。インスタンスではありません。
triage-elsewhere = 場所：{ $places }。
triage-kind-AWS_EC2_INSTANCE = インスタンス
triage-kind-AWS_ECR_CONTAINER_IMAGE = コンテナイメージ
triage-kind-AWS_ECR_REPOSITORY = コンテナリポジトリ
triage-kind-AWS_LAMBDA_FUNCTION = Lambda関数
triage-kind-CODE_REPOSITORY = コードリポジトリ
triage-kind-MACHINE_IMAGE = マシンイメージ
triage-others = ほかに、これより軽いものが{ $count }件あります。セキュリティ当番に「検出結果を読んで」と言ってください。
triage-unsure = しきい値より低い{ $count }件は、悪用が確認された脆弱性のリストで調べられませんでした。
triage-unread = 悪用が確認されているかどうかは、読めませんでした。
verify_fix-started = 修正されたかを確認します。
verify_fix-nothing = 解消した検出結果はありません。
verify_fix-done = { $count ->
    [0] 解消した検出結果はありません。
   *[other] 解消した検出結果{ $count }件のうち、修正を確認できたのは{ $fixed }件です。
  }
verify_fix-partial = { verify_fix-done }もう一度お知らせするかもしれません。
verify_fix-failed = 解消した検出結果を確認できませんでした。{ $reason }次のお知らせまで残しておきます。
verify_fix-title-fixed = 修正を確認した検出結果 { $count }件
verify_fix-title-gone = インスタンスとともに消えた検出結果 { $count }件
verify_fix-title-suppressed = 抑制された検出結果 { $count }件
verify_fix-title-unverified = 確認できないまま解消した検出結果 { $count }件
verify_fix-fixed = 修正を確認したものが{ $count }件あります。
verify_fix-gone = インスタンスとともに消えたものが{ $count }件あります。
verify_fix-suppressed = 抑制されたものが{ $count }件あります。
verify_fix-unverified = 解消したものの、確認できなかったものが{ $count }件あります。
verify_fix-line-fixed = *{ $title }*：修正を確認しました。
verify_fix-line-gone = *{ $title }*：インスタンスがなくなりました。修正されたわけではありません。
verify_fix-line-suppressed = *{ $title }*：Inspectorで抑制されました。修正されていません。
verify_fix-line-unverified = *{ $title }*：解消しましたが、確認できませんでした。
verify_fix-found = 検出：{ $at }。
verify_fix-took = かかった時間：{ $duration }。
verify_fix-by-voice = 修正：担当者が音声で、{ $at }。
verify_fix-by-tag = 修正：{ $who }、{ $at }。
verify_fix-by-slack = 修正：{ $who }がSlackで、{ $at }。
verify_fix-by-nobody = 修正した人はわかりません。このインスタンスへのパッチ適用の記録がありません。
verify_fix-by-others = 修正した人はわかりません。パッチを当てるのは、インスタンスのパッケージだけです。
verify_fix-proof-patch = Inspectorはもう検出していません。Patch Managerにも、入れるべきパッチは残っていません。
verify_fix-proof-inspector = Inspectorはもう検出していません。Patch Managerでは確かめられない種類です。
verify_fix-why-unseen = そのアカウントの検出結果が見えません。ホームをInspectorの委任管理者にしてください。
verify_fix-why-active = Inspectorがまた検出しています。
verify_fix-why-missing = Patch Managerでは、パッチがまだ入っていないか、失敗しています。もう一度スキャンするか、インスタンスを見てください。
verify_fix-why-reboot = パッチは再起動を待っています。
verify_fix-why-unscanned = Patch Managerがこのインスタンスをスキャンしたことがありません。
verify_fix-why-refused = AWSに読ませてもらえませんでした（{ $operation }）。
verify_fix-why-unread = 読めませんでした。{ $reason }
verify_fix-others = ほかに{ $count }件あります。
duration-days = { $n }日
digest-answer = この1日で、新しい検出結果は{ $new }件、修正は{ $fixed }件です。期限を過ぎたものは{ $overdue_count }件です。
last_digest-answer = { $there ->
    [0] まとめはまだありません。一日に一回作ります。
   *[other] { $fresh ->
        [yes] 新しいまとめです。
       *[no] { $when }のまとめです。
      }{ $total ->
        [0] 対応が必要なものはありません。
       *[other] 対応が必要なものは{ $total }件です。
      }{ $drift ->
        [0] {""}
       *[other] 元の状態と違う封じ込めが{ $drift }件。
      }{ $overdue ->
        [0] {""}
       *[other] 期限を過ぎた検出が{ $overdue }件。
      }{ $waiting ->
        [0] {""}
       *[other] 返事を待っていた提案が{ $waiting }件。
      }{ $unpatched ->
        [0] {""}
       *[other] パッチが遅れているサーバーが{ $unpatched }台。
      }新しい検出は{ $new }件、直ったものは{ $fixed }件です。{ $unread ->
        [0] {""}
       *[other] このまとめは不完全です。
      }
  }
digest-title = Toban：今日のまとめ
digest-moved = この24時間：新規{ $new }件、修正{ $fixed }件、修正を確かめられずに解消{ $ended }件{ $waiting ->
    [0] 。
   *[other] 、お知らせ待ち{ $waiting }件。
  }
digest-active = インスタンスで未解消：重大{ $critical }件、高{ $high }件、中{ $medium }件。
digest-none-overdue = 期限を過ぎたものはありません。
digest-overdue-CRITICAL = 期限超過：重大 { digest-at-least }（{ $days }日を超過）：{ $names }。
digest-overdue-HIGH = 期限超過：高 { digest-at-least }（{ $days }日を超過）：{ $names }。
digest-overdue-MEDIUM = 期限超過：中 { digest-at-least }（{ $days }日を超過）：{ $names }。
digest-overdue-LOW = 期限超過：低 { digest-at-least }（{ $days }日を超過）：{ $names }。
digest-at-least = { $more ->
    [yes] { $count }件以上
   *[no] { $count }件
  }
digest-unpatched = { $count ->
    [0] { $days }日を超えてパッチを当てていないインスタンスはありません。
   *[other] パッチが足りず、{ $days }日を超えて当てていないインスタンスが{ $count }台あります：{ $names }。
  }
digest-unscanned = パッチのスキャンをしたことがない稼働中のインスタンスが{ $count }台あります。
digest-contained = { $count ->
    [0] 封じ込め中のものはありません。
   *[other] 封じ込め中のものが{ $count }件あります。
  }
digest-drift = そのうち{ $count }件は、封じ込めたときのままではありません：{ $names }。
digest-pending = 回答待ちの提案が{ $count }件あります：{ $names }。
digest-unread = 読めなかったもの：{ $parts }。このまとめは完全ではありません。
digest-partial = 多すぎて読みきれなかったもの：{ $parts }。ほかにもあるかもしれません。
digest-part-cases = 新規と修正
digest-part-active = 未解消の件数
digest-part-overdue = 期限超過
digest-part-patches = パッチ
digest-part-runs = 提案
digest-part-contained = 封じ込め
playbook-kev = 悪用が確認された脆弱性
playbook-package = 修正のある脆弱性
playbook-manual = 手で直す脆弱性
playbook-no_fix = 修正のない脆弱性
playbook-network = インターネットに開いたポート
playbook-elsewhere = インスタンス以外の検出結果
playbook-guardduty-instance = GuardDuty：インスタンス
playbook-guardduty-credentials = GuardDuty：認証情報
playbook-drift = 変わった封じ込め
playbook-dead-letters = 届かなかったイベント

## Slack
slack-started = 開始
slack-done = 完了
slack-partial = 一部のみ完了
slack-failed = 失敗
slack-unhandled = Toban：対応できない検出結果があります
unhandled-body = { $title }（重大度{ $severity }）。{ $reason }
slack-proposed = 返事待ち
slack-declined = 却下
slack-expired = 期限切れ
slack-approve = 承認
slack-decline = 却下
slack-sure = よろしいですか？
slack-back = やめる
slack-sure-text = { $about }：すぐに実行されます。
slack-pressed-approve = { $who }が承認を押しました。結果は別のメッセージで届きます。
slack-pressed-decline = { $who }が却下を押しました。結果は別のメッセージで届きます。
slack-unrecorded = 記録できなかったので、なにもしていません。少し待って、もう一度押してください。
slack-nothing = もうすることがありません。
slack-until = { $duration }以内に返事をしてください。返事がなければなにもしません。「待っている提案を承認して」と、声でも返事できます。
slack-approved-by = 承認：{ $who }
slack-declined-by = 却下：{ $who }
slack-approved-voice = 承認：音声
slack-declined-voice = 却下：音声
slack-drift = Toban：封じ込めが変わりました
slack-title = Toban：{ $action_word } { $moment }
slack-who = 依頼：{ $who }
slack-voice = 依頼：音声
slack-run = 実行 { $run }
slack-plan = { $count ->
    [1] { $names }。
   *[other] 対象{ $count }件：{ $names }。
  }
slack-source = { $address }：拒否{ $rejected }件、許可{ $accepted }件、ポート{ $ports }
why-title = 検出
why-severity = 重要度
why-evidence = 証拠
why-finding = 検出番号
why-resource = 検出の対象
why-source = 発信元
why-reason = 理由
why-tag = タグ
why-by = 設定した人
why-from = 接続元
why-type = 種類
why-count = 検出回数
why-last = 最終検出
slack-more = Toban：ほかに{ $count }件の通知
slack-wrong = Toban：ほかに確認が必要な{ $count }件
slack-lost = Toban：{ $channel }に送れなかった通知が{ $count }件
slack-others = ほか{ $count }件
slack-kept = 通知が続いたため、まとめました。すべて台帳の`{ $where }`に30日間あり、各実行の記録も残っています。

## 画面とカード（目で読む文）
screen-status = 概要
screen-status-hint = インスタンスに触れるか、「隔離を確認して」と言ってください。
screen-findings = { $group_part }{ $severity_word }検出
screen-findings-from = 全部で{ $count }件、{ $from }番目から
screen-findings-hint = 「二番目を教えて」「次の三件」と言ってください。触れても選べます。
screen-finding = { $place }. { $cve } { $what }
screen-finding-about = { $severity_word }脆弱性{ $score ->
    [0] {""}
   *[other] 、スコア{ $score }
  }{ $exploited ->
    [yes] 、悪用されています
    [available] 、攻撃コードが出回っています
   *[no] {""}
  }
screen-finding-where = { $name }{ $others ->
    [0] {""}
   *[other] 、ほか{ $others }台
  }
screen-finding-hint = 「パッチを当てて」と言えます。
screen-package = { $package } { $installed }
screen-hits = { $count }台に影響します
screen-plan = まだなにもしていません
screen-plan-hint = 進めるなら「はい」、やめるなら「いいえ」と言ってください。触れただけでは進みません。
screen-changes = 変更するもの：{ $list }
screen-change-scan = 評価の実行
screen-change-patches = 足りないパッチ
screen-change-TobanStatus = 状態のタグ
screen-change-deny = ネットワークACLの拒否ルール
screen-change-groups = セキュリティグループ
screen-change-state = イベントソース
screen-change-concurrency = 予約済みの同時実行数
screen-change-policies = 拒否ポリシー
screen-change-status = アクセスキー
screen-change-password = コンソールのパスワード
screen-step = { $state ->
    [held] 隔離を確認しました
    [drifted] だれかが変えています
    [unread] 読めませんでした
    [open] できていません
    [ran] 実行しました。確認はこれからです
    [now] 実行中です
   *[wait] これからです
  }
screen-isolated = 隔離中
screen-suspicious = 不審の疑い
screen-instance-hint = 「通信を見せて」「隔離して」「解放して」と言えます。
screen-verify = 隔離とロックの状態
screen-verify-held = { $count }件中{ $held }件を確認しました
screen-suspects = 不審なインスタンス
screen-more = ほか{ $count }件
touch-pending = 触れただけでは「はい」になりません。声で答えてください。このまま進めますか？
touch-pending-prove = 触れただけでは進めません。
touch-unknown = そこに触れても、なにも始められません。ご用件はなんでしょう？
touch-unknown-again = 「ヘルプ」と言うと、使い方をお話しします。

## Alarms
alarm-raised = Toban：アラーム
alarm-over = Toban：アラームは解消しました
alarm-about = { $name }：{ $about }
alarm-queue = { $queue }に、処理されなかったものが{ $count }件あります。
alarm-letter = • { $what }：{ $why }（{ $id }）
alarm-no-reason = 理由は記録されていません
alarm-unread = { $queue }の中を確認できませんでした。
alarm-redrive = 先にデッドレターのプレイブックを確認してください。`make redrive STACK=<スタック名>`でもう一度送れます。

## ほかのアカウントとリージョン
site-before = { $site }：
site-about = { $site }での{ $about }
site-name = { $site }の{ $name }
site-both = { $account }、リージョン{ $region }
site-region = リージョン{ $region }
site-named = アカウント{ $name }{ $id }
site-account = アカウント{ $id }
site-ending = 末尾{ $digits }のアカウント
site-id = （{ $id }）
