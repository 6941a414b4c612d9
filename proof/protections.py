"""What protects whom: each claim of the threat model, where it is kept in the code, and the test that shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Protection:
    """A claim; the line of code that keeps it and what stands there once it is taken out; the test that must notice."""

    claim: str
    test: str  # as pytest names it
    file: str
    kept_by: str  # occurs once in the file
    taken_out: str

    def taken_out_of(self, whole: str) -> str:
        """Return the file's text without the protection."""
        if whole.count(self.kept_by) != 1:
            raise ValueError(f"{self.file} holds {whole.count(self.kept_by)} times what keeps: {self.claim}")
        return whole.replace(self.kept_by, self.taken_out)


PROTECTIONS = (
    Protection(
        claim="a sealed record opens only as itself",
        test="tests/unit/privacy/test_seal.py",
        file="privacy/seal.py",
        kept_by='    if line + b"\\n" != _HEADER % (record_id.encode(), size):',
        taken_out="    if False:",
    ),
    Protection(
        claim="a file is kept only as it was re-made",
        test="tests/integration/test_attachments.py::"
        "test_whatever_a_phone_sends_reaches_the_team_without_what_is_hidden_in_it",
        file="media/process.py",
        kept_by='        return Cleaned(FileKind(answer["kind"]), clean, ',
        taken_out='        return Cleaned(FileKind(answer["kind"]), data, ',
    ),
    Protection(
        claim="what waits for a file is sealed",
        test="tests/integration/delivery/test_waiting.py::test_what_waits_is_sealed_and_without_the_names_of_its_sender",
        file="channels/waiting.py",
        kept_by="keys.sealing.seal(record_of(received.id), received.pack())",
        taken_out="received.pack()",
    ),
    Protection(
        claim="what waits for a file holds no name of its sender",
        test="tests/integration/delivery/test_waiting.py::test_what_waits_is_sealed_and_without_the_names_of_its_sender",
        file="channels/telegram/updates.py",
        kept_by="json.dumps(_without_names(self._raw), ",
        taken_out="json.dumps(self._raw, ",
    ),
    Protection(
        claim="'forget me' leaves nothing that waits for a file",
        test="tests/integration/resident/test_late_files.py::"
        "test_whoever_wants_all_forgotten_need_not_wait_for_their_photo",
        file="services/retention/erase.py",
        kept_by="    await work.session.execute(delete(WaitingUpdate).where(WaitingUpdate.lane.in_(lanes)))",
        taken_out="    pass",
    ),
    Protection(
        claim="what its writer takes away from a message before sending it is not sent",
        test="tests/integration/resident/test_edits.py::test_a_caption_taken_away_is_not_sent",
        file="channels/telegram/incoming.py",
        kept_by="    return Edit(said, file) if said or file is not None else None",
        taken_out="    return Edit(said, file) if said else None",
    ),
    Protection(
        claim="a photo that its sender has replaced is not sent",
        test="tests/integration/resident/test_edits.py::test_a_photo_that_was_replaced_is_the_one_that_is_sent",
        file="channels/telegram/files.py",
        kept_by="    message = update.message or update.edited_message",
        taken_out="    message = update.message",
    ),
    Protection(
        claim="of what is quoted the words are taken, and not who said them",
        test="tests/integration/resident/test_edits.py::test_words_are_taken_and_never_who_wrote_them",
        file="channels/telegram/words.py",
        kept_by='    return f"「{quoted}」\\n{written}" if quoted else written',
        taken_out='    return f"{message.external_reply}「{quoted}」\\n{written}" if quoted else written',
    ),
    Protection(
        claim="half a file is not kept: it is fetched again",
        test="tests/unit/channels/test_files.py::test_a_file_that_is_shorter_than_was_said_is_fetched_again_later",
        file="channels/telegram/files.py",
        kept_by="        if said is not None and len(content) != said:",
        taken_out="        if False:",
    ),
    Protection(
        claim="what a style hides in a text is not kept",
        test="tests/unit/media/test_hidden_content.py::test_what_is_hidden_in_a_text_is_left_behind",
        file="media/office_word.py",
        kept_by="        if self._styles.hide(run, place.style, in_table=place.hides):",
        taken_out="        if not place:",
    ),
    Protection(
        claim="white letters on white, and those in a size that nobody sees, are not kept in a text",
        test="tests/unit/media/test_hidden_content.py::test_what_is_hidden_in_a_text_is_left_behind",
        file="media/office_word.py",
        kept_by='        colour = self._styles.look(run, place.style, "color")',
        taken_out="        colour = None",
    ),
    Protection(
        claim="letters of a table that have the colour of their cell are not kept",
        test="tests/unit/media/test_hidden_content.py::test_letters_of_the_colour_that_they_stand_on_are_left_behind",
        file="media/office_sheet.py",
        kept_by="                if self._looks.hides(cell, over_colours=self._conditions.have_colours) or ",
        taken_out="                if ",
    ),
    Protection(
        claim="a value that a condition hides, or may hide, is not kept",
        test="tests/unit/media/test_hidden_content.py::"
        "test_what_a_condition_hides_is_left_behind_and_told_where_it_is_not_certain",
        file="media/office_conditions.py",
        kept_by="            if holds is not False:",
        taken_out="            if False:",
    ),
    Protection(
        claim="what is hidden in a table is not kept, and the rest stays where it was",
        test="tests/unit/media/test_hidden_content.py::"
        "test_what_is_hidden_in_a_table_is_left_behind_and_the_rest_stays_where_it_was",
        file="media/office_sheet.py",
        kept_by="                if (row.is_hidden or not self._columns[column]) and",
        taken_out="                if row.is_hidden and",
    ),
    Protection(
        claim="a value that its format does not show is not kept",
        test="tests/unit/media/test_hidden_content.py::test_a_value_that_its_format_does_not_show_is_left_behind",
        file="media/office_sheet.py",
        kept_by="                self._formats.settle(cell)",
        taken_out="                pass",
    ),
    Protection(
        claim="a hidden drawing is dropped rather than shown",
        test="tests/unit/media/test_hidden_content.py::test_a_hidden_drawing_in_a_table_is_dropped_rather_than_shown",
        file="media/office_drawings.py",
        kept_by="if not _is_hidden(child) and shows(child)]",
        taken_out="if shows(child)]",
    ),
    Protection(
        claim="of a picture that is cut only what is seen is kept",
        test="tests/unit/media/test_hidden_content.py::test_of_a_picture_that_is_cut_only_what_is_seen_is_kept",
        file="media/photo.py",
        kept_by="image if seen == WHOLE else image.crop(seen.within(*image.size))",
        taken_out="image",
    ),
    Protection(
        claim="a note in a layer of a PDF that is switched off is not drawn",
        test="tests/unit/media/test_cleaning_documents.py::test_a_note_shows_when_its_layer_does",
        file="media/pdf.py",
        kept_by="pypdfium2.PdfDocument(without_notes_in_hidden_layers(data))",
        taken_out="pypdfium2.PdfDocument(data)",
    ),
    Protection(
        claim="whoever takes the cleaning process over reads no key, writes nothing and reaches no network",
        test="tests/unit/media/test_cleaning_process.py::test_whoever_takes_the_process_over_cannot",
        file="media/worker.py",
        kept_by="    confine()",
        taken_out="    pass",
    ),
    Protection(
        claim="no other process looks into the one that re-makes a file",
        test="tests/unit/media/test_cleaning_process.py::test_no_other_process_can_look_into_the_one_that_holds_a_file",
        file="media/confinement.py",
        kept_by="    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)",
        taken_out="    pass",
    ),
    Protection(
        claim="the memory of the process comes onto no disk by a dump, and no other process of its account reads it",
        test="tests/unit/test_hardening.py::test_the_process_leaves_no_core_file_and_cannot_be_looked_into_by_others",
        file="bot/hardening.py",
        kept_by="        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)",
        taken_out="        pass",
    ),
    Protection(
        claim="memory is overwritten when it is freed: of a resident nothing stays in it once all is done",
        test="tests/integration/test_memory.py::test_nothing_of_a_resident_is_in_memory_once_all_is_done",
        file="bot/hardening.py",
        kept_by='    if "PYTHONMALLOC" not in os.environ and _is_glibc():',
        taken_out="    if False:",
    ),
    Protection(
        claim="an update is not kept while the next one is waited for",
        test="tests/integration/test_memory.py::test_nothing_of_a_resident_is_in_memory_once_all_is_done",
        file="channels/telegram/polling.py",
        kept_by="            del batch, asking",
        taken_out="            pass",
    ),
    Protection(
        claim="what other accounts of the machine could open of database and attachments is narrowed at the start",
        test="tests/integration/test_permissions.py::test_a_running_bot_narrows_what_others_could_open",
        file="bot/cli/run.py",
        kept_by="        narrow(config)",
        taken_out="        pass",
    ),
    Protection(
        claim="a voice is disguised before it is stored, unless its owner switches that off",
        test="tests/integration/test_attachments.py::"
        "test_a_voice_is_disguised_before_it_is_stored_unless_its_owner_switches_that_off",
        file="handlers/expected_files.py",
        kept_by="disguise=not expected.own_voice)",
        taken_out="disguise=False)",
    ),
    Protection(
        claim="a place is taken only after a warning",
        test="tests/integration/test_attachments.py::"
        "test_a_place_and_a_contact_are_taken_as_words_only_after_a_warning",
        file="handlers/resident/inputs.py",
        kept_by="    return reply_with(replace(state, offered=(unconfirmed.source, unconfirmed.text)), asked)",
        taken_out="    return take_piece(state, unconfirmed.text, unconfirmed.source, None, None)",
    ),
    Protection(
        claim="a backup shows no reporter, even to the holder of the recovery key",
        test="tests/integration/canary/test_command_line.py::test_a_backup_in_anothers_hands_shows_no_text_and_no_reporter",
        file="services/retention/backup.py",
        kept_by="    return [table for table in METADATA.sorted_tables if table.name not in FLEETING]",
        taken_out="    return list(METADATA.sorted_tables)",
    ),
    Protection(
        claim="whoever on the staff is named in a complaint sees neither card nor count nor text",
        test="tests/integration/people/test_coming_and_going.py::"
        "test_whoever_is_named_sees_neither_card_nor_count_nor_text",
        file="services/intake/submit.py",
        kept_by="    named = readers_among(known, draft.meaning.staff_named)",
        taken_out="    named: frozenset[str] = frozenset()",
    ),
    Protection(
        claim="what tells of a head or of the team is not laid before the team, unless its writer says so",
        test="tests/integration/resident/test_who_reads_it.py::"
        "test_the_promise_the_receipt_and_those_who_may_read_it_are_the_same",
        file="services/intake/drafts.py",
        kept_by="        return replace(known, **noticed)",
        taken_out="        return known",
    ),
    Protection(
        claim="a name that only sounds like the team leader's keeps a complaint from the team",
        test="tests/integration/resident/test_who_reads_it.py::"
        "test_the_promise_the_receipt_and_those_who_may_read_it_are_the_same",
        file="services/intake/route.py",
        kept_by="any(one.id in perhaps_named for one in leads)",
        taken_out="any(one.id in named for one in leads)",
    ),
    Protection(
        claim="whoever comes to the team before a draft is sent is looked for in it",
        test="tests/integration/resident/test_understanding.py::"
        "test_whoever_comes_to_the_team_before_it_is_sent_is_found_in_it",
        file="services/intake/understood.py",
        kept_by="(before.texts, before.version) == (digest, version)",
        taken_out="before.texts == digest",
    ),
    Protection(
        claim="a later message that names somebody takes the case from them",
        test="tests/integration/people/test_coming_and_going.py::"
        "test_whoever_a_later_message_names_loses_the_case_at_once",
        file="services/cases/dialogue.py",
        kept_by="        names_somebody_new = await shut_out_named(work, case)",
        taken_out="        names_somebody_new = False",
    ),
    Protection(
        claim="what is added about a head or about the team takes the case from those who have it before it shows",
        test="tests/integration/resident/test_added_words.py::"
        "test_members_lose_the_card_and_what_they_opened_before_anything_that_was_added_shows",
        file="services/cases/dialogue.py",
        kept_by="        is_restricted = await restrict_all(work, case, restrictions)",
        taken_out="        is_restricted = False",
    ),
    Protection(
        claim="what is added about a head or about the team, and waits for its batch, takes the case along then",
        test="tests/integration/resident/test_added_words.py::"
        "test_what_waits_for_a_batch_takes_the_case_along_then_and_not_before",
        file="services/sealed_messages.py",
        kept_by="    restricted = {_RESTRICTION: pack(restriction)} if restriction else {}",
        taken_out="    restricted: dict[str, Any] = {}",
    ),
    Protection(
        claim="half a receipt code that is typed in a visit goes into no complaint",
        test="tests/integration/resident/test_added_words.py::"
        "test_the_first_half_of_another_code_goes_into_no_complaint",
        file="handlers/resident/inputs.py",
        kept_by="    if is_one_half and (state.is_over or (state.visit is not None and state.addition is None)):",
        taken_out="    if is_one_half and state.is_over:",
    ),
    Protection(
        claim="a lost phone that is locked out keeps nothing that can be deleted",
        test="tests/integration/people/test_coming_and_going.py::"
        "test_the_director_locks_out_a_lost_phone_and_hands_over_a_new_way_in_in_one_step",
        file="services/delivery/recall.py",
        kept_by="        .values(at_once=True, not_before=work.now)",
        taken_out="        .values(attempts=0)",
    ),
    Protection(
        claim="nobody but the office director lifts a recusal",
        test="tests/integration/people/test_coming_and_going.py::"
        "test_a_recusal_shuts_out_at_once_and_only_the_director_lifts_it",
        file="services/people/recusal.py",
        kept_by='or the command line. Raises NotEntitled, OwnRecusal."""\n'
        "    if by is not None and not by.has(Role.OFFICE_DIRECTOR):",
        taken_out='or the command line."""\n    if False:',
    ),
    Protection(
        claim="no office director lifts their own recusal",
        test="tests/integration/people/test_coming_and_going.py::test_a_director_does_not_lift_their_own_recusal",
        file="services/people/recusal.py",
        kept_by="    if by is not None and by.id == staff_id:\n        raise OwnRecusal",
        taken_out="",
    ),
    Protection(
        claim="whoever is gone from a team sees no card in its group from then on, though they sit in it",
        test="tests/integration/people/test_leaving_the_group.py::"
        "test_whoever_is_gone_does_not_see_on_the_group_the_case_that_names_them",
        file="services/people/leaving.py",
        kept_by="    return {team_id: await close_board(work, team_id) for team_id in sorted(set(teams))}",
        taken_out="    return dict.fromkeys(teams)",
    ),
    Protection(
        claim="whoever sits in the group of another team writes over none of its cards",
        test="tests/integration/cases/test_in_chat.py::test_a_press_of_another_teams_member_leaves_the_card_it_was_put_on",
        file="services/cases/cards.py",
        kept_by="    return standing is not None and (standing.address, standing.message_id) == (address, message_id)",
        taken_out="    return True",
    ),
    Protection(
        claim="a list of cases is taken back from a phone that is locked out, recused or moved",
        test="tests/integration/cases/test_lists_on_phones.py::test_lists_are_taken_back",
        file="services/delivery/recall.py",
        kept_by="        await recall_list(work, staff_id, name)",
        taken_out="        pass",
    ),
    Protection(
        claim="a county file undoes no move made in chat",
        test="tests/integration/test_import.py::test_a_file_that_says_what_it_said_undoes_no_move_and_no_leave",
        file="services/rounds/import_people.py",
        kept_by="        if here and here != there and self._says_as_before(staff, there):",
        taken_out="        if False:",
    ),
    Protection(
        claim="a card from a village waits for its batch, and so do queue and count",
        test="tests/integration/test_batches.py::test_a_card_waits_for_the_full_hour_and_so_do_queue_and_count",
        file="services/intake/submit.py",
        kept_by="        held_until=None if entered else await _next_batch(",
        taken_out="        held_until=None and await _next_batch(",
    ),
    Protection(
        claim="no phone lights up in the moment at which a team presses a button",
        test="tests/integration/test_batches.py::"
        "test_no_phone_lights_up_in_the_moment_at_which_the_team_presses_a_button",
        file="services/cases/dialogue.py",
        kept_by="priority=Priority.NOTICE, not_before=when)",
        taken_out="priority=Priority.NOTICE)",
    ),
    Protection(
        claim="nor does one of a danger or for a bureau, which wait for no batch",
        test="tests/integration/test_batches.py::test_what_waits_for_no_batch_is_pushed_at_a_moment_that_tells_nothing",
        file="services/cases/disclosure_times.py",
        kept_by="1 + secrets.randbelow(seconds)",
        taken_out="0",
    ),
    Protection(
        claim="what a reporter adds waits for its batch",
        test="tests/integration/test_batches.py::test_what_a_reporter_adds_and_answers_waits_too",
        file="services/cases/read_case.py",
        kept_by="ComplaintMessage.complaint_id.in_(said_in), ComplaintMessage.held_until.is_(None))",
        taken_out="ComplaintMessage.complaint_id.in_(said_in))",
    ),
    Protection(
        claim="who sends too much is recognised for a day, and nothing of it is written down",
        test="tests/integration/test_abuse.py::test_what_is_counted_of_senders_is_on_no_disk_and_gone_with_the_day",
        file="privacy/tally.py",
        kept_by="        if self._day != day:",
        taken_out="        if self._day is None:",
    ),
    Protection(
        claim="whose chat a message lies in, and which it is, only that phone can say",
        test="tests/integration/resident/test_clearing.py::"
        "test_after_sending_only_the_phone_can_say_whose_messages_are_kept_for_clearing",
        file="privacy/trail.py",
        kept_by="        return number ^ int.from_bytes(",
        taken_out="        return number or int.from_bytes(",
    ),
    Protection(
        claim="'clear this chat' deletes on both sides whatever can be deleted",
        test="tests/integration/resident/test_clearing.py::"
        "test_a_chat_is_cleared_on_both_sides_and_nobody_elses_is_touched",
        file="handlers/resident/entry.py",
        kept_by="        await store_messages(context.work, response.trail, [update.message_id])",
        taken_out="        pass",
    ),
    Protection(
        claim="guessing receipt codes ends after a few",
        test="tests/integration/test_abuse.py::"
        "test_after_too_many_wrong_receipts_not_even_the_right_one_opens_anything_that_day",
        file="handlers/resident/service.py",
        kept_by="    if not await abuse.may_try_receipt(work, address):",
        taken_out="    if False:",
    ),
    Protection(
        claim="what is erased is in no page and no log of SQLite's",
        test="tests/integration/test_erasing.py::test_what_is_erased_is_in_no_page_and_in_no_log_of_the_database",
        file="models/database.py",
        kept_by='"PRAGMA wal_checkpoint(TRUNCATE)", ',
        taken_out='"PRAGMA wal_checkpoint(PASSIVE)", ',
    ),
    Protection(
        claim="in which order complaints came is in no page of SQLite's once the hour is over",
        test="tests/integration/test_database.py::"
        "test_in_which_order_rows_came_is_not_to_be_seen_in_the_file_once_the_hour_is_over",
        file="models/database.py",
        kept_by="while await self._past_sqlalchemy(rewriting.next_portion):",
        taken_out="while False:",
    ),
    Protection(
        claim="in which order attachments came is not to be seen once the hour is over",
        test="tests/integration/test_housekeeping.py::"
        "test_in_which_order_files_came_is_not_to_be_seen_in_the_folder_once_the_hour_is_over",
        file="services/retention/housekeeping.py",
        kept_by="        await asyncio.to_thread(self._settle, store)",
        taken_out="        pass",
    ),
    Protection(
        claim="'forget me' reaches every place where a chat is known",
        test="tests/integration/test_erasing.py::test_forget_me_takes_back_every_place_where_this_chat_is_known",
        file="services/retention/erase.py",
        kept_by=".where(ReplyAddress.complaint_id.in_(own_addresses))",
        taken_out=".where(ReplyAddress.complaint_id.in_([]))",
    ),
    Protection(
        claim="in which order the cards of closed cases were hung is forgotten",
        test="tests/integration/cases/test_board.py::"
        "test_where_the_cards_of_a_closed_case_hang_is_forgotten_after_two_days",
        file="bot/bootstrap.py",
        kept_by="        forget_cards,",
        taken_out="",
    ),
    Protection(
        claim="what was said is erased when its time is over",
        test="tests/integration/test_erasing.py::test_what_was_said_is_erased_when_its_time_is_over_and_no_day_earlier",
        file="services/retention/erase.py",
        kept_by="    await work.session.execute(delete(ComplaintMessage).where(said))",
        taken_out="",
    ),
    Protection(
        claim="a place or a code that comes while a round runs is written down and warned of",
        test="tests/integration/test_import.py::"
        "test_places_and_codes_that_come_while_a_round_runs_are_written_down_and_warned_of",
        file="services/rounds/places.py",
        kept_by="        if new or changed or codes:",
        taken_out="        if False:",
    ),
    Protection(
        claim="an altered entry of the audit log is found",
        test="tests/integration/test_audit.py::test_any_alteration_is_found",
        file="services/audit/verify.py",
        kept_by="        elif chained(keyring, before, entry) != entry.chain:",
        taken_out="        elif False:",
    ),
    Protection(
        claim="what the audit log does not take is not done",
        test="tests/integration/test_audit.py::"
        "test_what_the_log_does_not_take_is_not_done_and_what_leaves_it_out_is_found",
        file="services/audit/log.py",
        kept_by="    await _read_back(work, before, entry.number, entry.chain)",
        taken_out="    pass",
    ),
    Protection(
        claim="a reading that is in no entry of the audit log is found",
        test="tests/integration/test_audit.py::test_whatever_a_case_knows_and_the_log_does_not_is_found",
        file="services/audit/verify.py",
        kept_by=".having(by_events != by_log)",
        taken_out=".having(by_events < 0)",
    ),
    Protection(
        claim="whatever stands over any table and is not ours is found",
        test="tests/integration/test_audit.py::test_what_stands_over_any_other_table_is_found_too",
        file="services/audit/verify.py",
        kept_by="FROM sqlite_master WHERE type = 'trigger'",
        taken_out="FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'",
    ),
    Protection(
        claim="what the office directors were told of cannot be cut off the audit log unnoticed",
        test="tests/integration/test_audit.py::test_what_the_directors_are_told_of_cannot_be_cut_off_the_log_any_more",
        file="services/cases/unmask.py",
        kept_by="str(await seal_now(work.session))",
        taken_out='"0" * 16',
    ),
    Protection(
        claim="a row that somebody puts into the database unmasks no case",
        test="tests/integration/cases/test_masking.py::test_a_row_that_somebody_put_into_the_database_unmasks_nothing",
        file="services/cases/unmask.py",
        kept_by="""        if _opens(work, case, one) and await is_recorded(
            work, Audited.UNMASKED, by=one.by_id, case_id=case.id, **_entered(one.id, one.desk)
        ):""",
        taken_out="        if _opens(work, case, one):",
    ),
    Protection(
        claim="names that are changed later change nobody in the audit log",
        test="tests/integration/test_audit.py::test_the_office_director_reads_who_opened_a_case_and_nobody_else_does",
        file="handlers/people/audit.py",
        kept_by="    if written is not None:",
        taken_out="    if False:",
    ),
    Protection(
        claim="a seal of the audit log does not tell how much is in it",
        test="tests/integration/test_audit.py::test_on_mondays_the_directors_are_sent_a_hash_alone",
        file="services/audit/log.py",
        kept_by="        return self.chain[:_SHOWN]",
        taken_out='        return f"{HEAD}-{self.chain[:_SHOWN]}"',
    ),
    Protection(
        claim="the database refuses to change the audit log",
        test="tests/integration/test_audit.py::test_the_database_itself_refuses_to_change_the_log",
        file="models/audit.py",
        kept_by="BEFORE {action} ON audit_entries ",
        taken_out="BEFORE {action} ON audit_head ",
    ),
    Protection(
        claim="whoever tries names in their own words is written down, and told of to the office director",
        test="tests/integration/cases/test_masking.py::"
        "test_whoever_tries_a_roll_of_names_in_an_order_is_written_down_and_told_of",
        file="services/cases/identity_probing.py",
        kept_by="        await _tell(work, who, case, Audited.TRACE_REPEATED)",
        taken_out="        pass",
    ),
    Protection(
        claim="what the team has sent does not change by what a reporter says later",
        test="tests/integration/cases/test_masking.py::"
        "test_a_roll_of_names_that_was_sent_first_does_not_change_by_what_the_reporter_says_later",
        file="services/cases/read_case.py",
        kept_by="        if said.author == Author.REPORTER\n",
        taken_out="        if True\n",
    ),
    Protection(
        claim="the team's words tell no reporter, and no other desk, what was masked in them",
        test="tests/integration/cases/test_masking.py::"
        "test_what_is_known_when_it_is_sent_is_masked_for_good_for_reporters_too",
        file="services/cases/identity_probing.py",
        kept_by="        text = await masked_for(work, who, case, text)",
        taken_out="        pass",
    ),
    Protection(
        claim="a matter that is split off lies nowhere where more people read it",
        test="tests/integration/cases/test_splitting.py::test_a_matter_never_lies_where_more_people_read_it",
        file="services/intake/split.py",
        kept_by="    goes_to = found if found is not None and found.desk.is_stricter_than(case.desk) else None",
        taken_out="    goes_to = found",
    ),
    Protection(
        claim="whoever a complaint names is shut out of every case that it becomes",
        test="tests/integration/cases/test_splitting.py::test_whoever_is_named_is_shut_out_of_both",
        file="services/intake/split.py",
        kept_by="    await open_case(work, other, first.id, first_action, shut_out=named)",
        taken_out="    await open_case(work, other, first.id, first_action)",
    ),
    Protection(
        claim="what staff say in a case on a stricter desk is not read with another of the same complaint",
        test="tests/integration/cases/test_splitting.py::"
        "test_what_is_said_for_one_pair_of_eyes_is_not_read_with_the_case_it_was_split_off",
        file="services/cases/read_case.py",
        kept_by='        if content is None or content.get("case") in kept_from_here:',
        taken_out="        if content is None:",
    ),
    Protection(
        claim="no case of a complaint that was taken back is taken up again by an old button",
        test="tests/integration/cases/test_splitting.py::"
        "test_an_old_button_takes_up_no_case_of_a_complaint_that_was_taken_back",
        file="services/intake/visit.py",
        kept_by="    return cases if complaint.withdrawn_at is None else []",
        taken_out="    return cases",
    ),
    Protection(
        claim="a leader agrees to the words of a refusal that they have read",
        test="tests/integration/cases/test_refusing.py::test_what_a_leader_agrees_to_is_what_was_laid_before_them",
        file="services/cases/actions.py",
        kept_by="    if refusal_waits(case):  # a leader",
        taken_out="    if False:  # a leader",
    ),
    Protection(
        claim="why a member would refuse a case is sealed until the leader agrees",
        test="tests/integration/cases/test_refusing.py::"
        "test_a_reason_in_words_is_sealed_until_the_leader_agrees_and_then_read_by_the_reporter",
        file="services/cases/proposals.py",
        kept_by='keyring.round(case.round_id).sealing.seal(f"{proposed}:{case.id}", words.encode()).hex()',
        taken_out="words.encode().hex()",
    ),
    Protection(
        claim="the words of a refusal are masked for good as they are proposed",
        test="tests/integration/cases/test_refusing.py::"
        "test_a_reason_in_words_is_masked_as_it_is_proposed_and_tells_of_no_contact",
        file="services/cases/decide.py",
        kept_by="        refusal = replace(refusal, words=await masked_for(work, who, case, refusal.words))",
        taken_out="        pass",
    ),
    Protection(
        claim="what colleagues note about a case is sealed",
        test="tests/integration/cases/test_notes.py::test_a_note_is_sealed_logged_and_audited",
        file="services/cases/notes.py",
        kept_by="sealing.seal(_record_of(note_id), text.encode())",
        taken_out="sealing and text.encode()",
    ),
    Protection(
        claim="a list of names in a note tells nobody which of them reported",
        test="tests/integration/cases/test_notes.py::test_a_note_is_masked_by_itself_and_not_by_what_the_reporter_said",
        file="services/cases/notes.py",
        kept_by="hidden(written, language)",
        taken_out="written",
    ),
    Protection(
        claim="what colleagues noted goes when the reporter takes the complaint back",
        test="tests/integration/cases/test_notes.py::"
        "test_notes_are_gone_once_the_reporter_takes_it_back_or_the_time_is_over",
        file="services/intake/visit.py",
        kept_by="            await erase_notes(work, case)",
        taken_out="            pass",
    ),
    Protection(
        claim="no words about an item tell its unit who reported",
        test="tests/integration/rectification/test_actions.py::test_no_words_about_an_item_tell_its_unit_who_reported",
        file="services/rectification/masking.py",
        kept_by="        text = await masked_for(work, who, case, text)",
        taken_out="        await masked_for(work, who, case, text)",
    ),
    Protection(
        claim="of an item that is not theirs to see a reviewer learns no more than that a photo was used before",
        test="tests/integration/rectification/test_evidence.py::"
        "test_a_photo_that_was_used_before_warns_the_reviewer_and_names_no_item_that_is_not_theirs",
        file="services/rectification/used_before.py",
        kept_by="    if not who.actors_at_item(item):",
        taken_out="    if other is None or item is None:",
    ),
    Protection(
        claim="the unit never sees what a team has of its own for a finding",
        test="tests/integration/rectification/test_working_papers.py::"
        "test_the_unit_never_sees_what_a_finding_is_shown_by",
        file="services/rectification/working_papers.py",
        kept_by="    if actors.isdisjoint(_READ_BY):",
        taken_out="    if not actors:",
    ),
    Protection(
        claim="a draft is kept from whoever keeps away from one of its units",
        test="tests/integration/rectification/test_working_papers.py::"
        "test_a_draft_and_its_papers_are_kept_from_whoever_keeps_away_from_one_of_its_units",
        file="services/rectification/issue_item.py",
        kept_by="    if not who.shut_out_of.isdisjoint(NewItem.of_json(draft.content).other_units):",
        taken_out="    if False:",
    ),
    Protection(
        claim="what a team has opened of its working papers leaves its phones with the case behind them",
        test="tests/integration/rectification/test_working_papers.py::"
        "test_what_was_opened_leaves_the_phones_of_a_team_that_loses_the_case",
        file="services/cases/level_up.py",
        kept_by="    await recall_case_texts(work, cases, losing)",
        taken_out="    await recall_case_texts(work, cases)",
    ),
    Protection(
        claim="a county leader signs for exactly what was shown",
        test="tests/integration/rectification/test_evidence.py::"
        "test_clearing_asks_for_evidence_a_system_and_a_signature_under_the_file_as_it_is",
        file="services/rectification/review_item.py",
        kept_by="    if shown != file.short_digest:",
        taken_out="    if not shown:",
    ),
    Protection(
        claim="a signature holds for the file that was signed, and for no other",
        test="tests/integration/rectification/test_evidence.py::"
        "test_clearing_asks_for_evidence_a_system_and_a_signature_under_the_file_as_it_is",
        file="services/rectification/item_file.py",
        kept_by="holds=signed_for == digest)",
        taken_out="holds=True)",
    ),
    Protection(
        claim="a file that was exchanged after it was handed in is not shown as evidence",
        test="tests/integration/rectification/test_evidence.py::"
        "test_documents_figures_and_kinds_are_part_of_what_is_signed_for",
        file="services/attachments.py",
        kept_by="    if digest is not None and hashlib.sha256(data).hexdigest() != digest:",
        taken_out="    if False:",
    ),
    Protection(
        claim="that a reporter says no to what was cleared is told to the director, and not to the unit",
        test="tests/integration/rectification/test_after_the_team.py::"
        "test_a_reporters_no_asks_the_director_and_tells_the_unit_nothing",
        file="services/rectification/fix_again.py",
        kept_by=".told(item, [Audience.OFFICE_DIRECTOR]):",
        taken_out=".told(item, [Audience.OFFICE_DIRECTOR, Audience.UNIT_HEAD]):",
    ),
    Protection(
        claim="why an item is to be opened again leads the director to no reporter",
        test="tests/integration/rectification/test_recurrence.py::"
        "test_what_was_cleared_of_late_is_proposed_with_the_reason_and_the_director_decides",
        file="services/rectification/recurrence.py",
        kept_by="        words = await masked_for(work, who, case, words)",
        taken_out="        pass",
    ),
    Protection(
        claim="a director whom a case names is not told that what was found in it has come back",
        test="tests/integration/rectification/test_recurrence.py::"
        "test_nothing_is_proposed_too_late_or_to_whom_the_case_is_kept_from",
        file="services/rectification/recurrence.py",
        kept_by="    told = [staff_id for staff_id in directors if staff_id not in named]",
        taken_out="    told = list(directors)",
    ),
    Protection(
        claim="whoever tries one name after another without a hit is told of after a few",
        test="tests/integration/cases/test_masking.py::test_whoever_rewords_an_order_very_often_in_a_day_is_told_of",
        file="services/cases/identity_probing.py",
        kept_by="        await _tell(work, who, case, Audited.ORDER_TRIED)",
        taken_out="        pass",
    ),
    Protection(
        claim="no words to a reporter hold what is written as a link, an account or a mobile number",
        test="tests/integration/cases/test_asking.py::"
        "test_nothing_that_leads_a_reporter_elsewhere_is_said_to_them_whichever_way",
        file="services/cases/dialogue.py",
        kept_by="    if contains_contact(words, office_numbers):",
        taken_out="    if False:",
    ),
    Protection(
        claim="nobody but the office director reads who opened what",
        test="tests/integration/test_audit.py::test_the_office_director_reads_who_opened_a_case_and_nobody_else_does",
        file="handlers/people/audit.py",
        kept_by="    if not who.has(Role.OFFICE_DIRECTOR):",
        taken_out="    if False:",
    ),
    Protection(
        claim="logs hold no text of an error",
        test="tests/unit/test_log_filter.py::test_of_an_error_only_its_kind_and_place_are_logged",
        file="bot/log_filter.py",
        kept_by="            lines.append(type(error).__qualname__)",
        taken_out="            lines.append(repr(error))",
    ),
    Protection(
        claim="of an error that nobody takes, in a thread or while something is cleared away, no text is printed",
        test="tests/unit/test_log_filter.py::"
        "test_of_what_fails_in_a_thread_or_where_nobody_can_be_told_only_its_kind_and_place_are_logged",
        file="bot/log_filter.py",
        kept_by="    threading.excepthook = _log_a_threads_error",
        taken_out="    pass",
    ),
    Protection(
        claim="logs hold no token",
        test="tests/unit/test_log_filter.py::test_a_token_is_taken_out_wherever_it_stands",
        file="bot/log_filter.py",
        kept_by='        redacted = TOKEN.sub("<token>", message)',
        taken_out="        redacted = message",
    ),
    Protection(
        claim="no chat's number is kept to order the messages to it",
        test="tests/integration/canary/test_story.py::test_nothing_a_resident_is_or_says_can_be_found_afterwards",
        file="privacy/tags.py",
        kept_by='    return _pseudonym(secret, b"lane", address)',
        taken_out="    return str(address)",
    ),
    Protection(
        claim="what a resident says is sealed before it is stored",
        test="tests/integration/canary/test_story.py::test_nothing_a_resident_is_or_says_can_be_found_afterwards",
        file="privacy/seal.py",
        kept_by="    pyrage.encrypt_io(io.BytesIO(_padded(record_id, payload)), sealed, [recipient])",
        taken_out="    sealed.write(_padded(record_id, payload))",
    ),
    Protection(
        claim="two copies of the database do not join a draft to its complaint",
        test="tests/integration/canary/test_snapshots.py::test_a_draft_cannot_be_joined_to_its_complaint",
        file="models/touched_rows.py",
        kept_by='_SHORT_LIVED = frozenset({"conversations", "trail_messages"})',
        taken_out="_SHORT_LIVED: frozenset[str] = frozenset()",
    ),
    Protection(
        claim="nor a draft to the next one of the same person, nor their complaints to each other",
        test="tests/integration/canary/test_snapshots.py::"
        "test_a_draft_cannot_be_joined_to_the_next_one_nor_a_complaint_to_the_next",
        file="services/intake/conversation_store.py",
        kept_by=" and _draft_id(before) == _draft_id(state)",
        taken_out="",
    ),
    Protection(
        claim="nor a conversation to that of the next day",
        test="tests/integration/canary/test_snapshots.py::test_a_conversation_cannot_be_joined_from_one_day_to_the_next",
        file="services/intake/conversation_store.py",
        kept_by=" and row.day == keys.day",
        taken_out="",
    ),
    Protection(
        claim="what was written and answered on a day cannot be opened any more once its keys are destroyed",
        test="tests/integration/resident/test_day_keys.py::"
        "test_what_was_written_and_answered_on_a_day_is_noise_two_days_later",
        file="services/retention/day_keys.py",
        kept_by="    for day in past - needed:",
        taken_out="    for day in past - past:",
    ),
    Protection(
        claim="what was taken back or is kept no longer cannot be opened any more in any copy, a few hours later",
        test="tests/integration/resident/test_complaint_keys.py::"
        "test_of_what_was_taken_back_nothing_opens_any_more_after_some_hours",
        file="privacy/key_sheet.py",
        kept_by="        self._write(slot_of(record_id) * _BYTES, _GONE)",
        taken_out="        pass",
    ),
    Protection(
        claim="nor can its files",
        test="tests/integration/resident/test_complaint_keys.py::test_nor_the_file_of_it",
        file="services/attachments.py",
        kept_by="    key = SealingKey.generate()\n    await _store(work.attachment_store, file_id, file, key.public)",
        taken_out="    key = work.keyring.outbox\n    await _store(work.attachment_store, file_id, file, key.public)",
    ),
    Protection(
        claim="a sealed text is as long as others of its size",
        test="tests/unit/privacy/test_seal.py::test_what_is_sealed_has_one_of_a_few_lengths",
        file="privacy/seal.py",
        kept_by="bytes(padded_size(size) - size)",
        taken_out='b""',
    ),
    Protection(
        claim="a draft is gone once it is sent",
        test="tests/integration/resident/test_submission.py::"
        "test_after_sending_no_draft_is_left_and_after_an_hour_no_conversation",
        file="handlers/resident/conversation.py",
        kept_by="submission.complaint_id), draft=None, just_sent=True, offered=None)",
        taken_out="submission.complaint_id), just_sent=True, offered=None)",
    ),
    Protection(
        claim="after sending, which chat it was is known for an hour at most",
        test="tests/integration/resident/test_submission.py::"
        "test_after_sending_no_draft_is_left_and_after_an_hour_no_conversation",
        file="services/intake/conversation_store.py",
        kept_by="lasts = timedelta(hours=settings.privacy.draft_ttl_hours) if state.draft else VISIT_LIFETIME",
        taken_out="lasts = timedelta(hours=settings.privacy.draft_ttl_hours)",
    ),
    Protection(
        claim="what a receipt code showed is on a page for an hour at most, though a draft goes on",
        test="tests/integration/web/test_coming_back.py::test_a_visit_is_over_after_its_hour_though_a_draft_goes_on",
        file="services/intake/conversation_store.py",
        kept_by="        shown=() if is_visit_over else tuple(",
        taken_out="        shown=tuple(",
    ),
    Protection(
        claim="what is taken back is deleted on the phones of the staff at once",
        test="tests/integration/resident/test_taking_back.py::"
        "test_what_a_member_has_opened_is_gone_from_their_phone_as_soon_as_it_is_taken_back",
        file="services/cases/texts_on_phones.py",
        kept_by="OutboxRow.id.in_(deletions)).values(now))",
        taken_out="OutboxRow.id.in_([])).values(now))",
    ),
    Protection(
        claim="what was on its way to a phone when it was taken back does not stay there",
        test="tests/integration/resident/test_taking_back.py::"
        "test_what_was_on_its_way_to_a_member_when_it_was_taken_back_does_not_stay",
        file="services/delivery/recall.py",
        kept_by="return await work.session.scalar(query) == len(set(shown))",
        taken_out="return True",
    ),
    Protection(
        claim="no time kept of what a resident did is finer than the hour",
        test="tests/integration/test_times.py",
        file="models/base.py",
        kept_by="    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)",
        taken_out="    return moment.astimezone(UTC)",
    ),
    Protection(
        claim="nobody decides on a dismissal that they have proposed, where anybody else may",
        test="tests/integration/cases/test_dismissing.py::test_of_two_leaders_the_one_who_has_not_proposed_it_decides",
        file="services/cases/actions.py",
        kept_by="    return who.id != dismissal.by or dismissal.alone",
        taken_out="    return True",
    ),
    Protection(
        claim="a case that its owner has not opened is not dismissed",
        test="tests/integration/cases/test_dismissing.py::"
        "test_a_case_that_its_owner_has_not_opened_cannot_be_dismissed",
        file="services/cases/dismiss.py",
        kept_by="    await require_read(work, who, case)\n",
        taken_out="",
    ),
    Protection(
        claim="what only a team leader reads is not read by the director who decides on its dismissal",
        test="tests/integration/cases/test_dismissing.py::"
        "test_what_only_the_leader_reads_the_director_decides_on_without_reading_it",
        file="services/access/member.py",
        kept_by=".waits and not case.desk.is_for_one",
        taken_out=".waits",
    ),
    Protection(
        claim="what a director may read to decide on its dismissal they read no more once that is decided",
        test="tests/integration/cases/test_dismissing.py::"
        "test_once_it_is_decided_the_director_reads_a_teams_case_no_more",
        file="services/access/member.py",
        kept_by="dismissal is not None and case.dismissal.waits and not",
        taken_out="dismissal is not None and not",
    ),
    Protection(
        claim="no director dismisses alone what others may read",
        test="tests/integration/cases/test_dismissing.py::test_a_director_does_not_dismiss_alone_what_others_may_read",
        file="services/cases/deciders.py",
        kept_by="    is_alone = bool(directors) and all(person.id == proposer for person in seeing)",
        taken_out="    is_alone = bool(directors)",
    ),
    Protection(
        claim="of two directors who order each other to keep out of a unit, neither dismisses alone",
        test="tests/integration/cases/test_dismissing.py::"
        "test_of_two_directors_who_shut_each_other_out_neither_decides_alone",
        file="services/cases/deciders.py",
        kept_by="    if is_alone and not await _others_were_ordered_out(work, case, proposer):",
        taken_out="    if is_alone:",
    ),
    Protection(
        claim="once a dismissal is decided, its owner's words leave the phones of those who were asked",
        test="tests/integration/cases/test_in_chat.py::"
        "test_once_a_dismissal_is_decided_its_owners_words_leave_the_phones_of_those_who_were_asked",
        file="services/cases/cards.py",
        kept_by="    if case.dismissal is None or not case.dismissal.waits:",
        taken_out="    if False:",
    ),
    Protection(
        claim="who alone proposed a dismissal does not decide on it once another director has come",
        test="tests/integration/cases/test_dismissing.py::"
        "test_a_director_who_comes_meanwhile_decides_on_what_one_alone_proposed",
        file="services/cases/dismiss.py",
        kept_by="    await find_deciders_anew(work, case)  # somebody may have come since who is to decide\n",
        taken_out="",
    ),
    Protection(
        claim="why an owner proposes a dismissal, in their words, is not told to a director who does not decide",
        test="tests/integration/cases/test_dismissing.py::"
        "test_a_director_who_is_not_to_decide_learns_nothing_of_the_owners_words",
        file="handlers/cases/card.py",
        kept_by="private=who.sees(case))",
        taken_out="private=True)",
    ),
    Protection(
        claim="nobody gives more time to a case of their own",
        test="tests/integration/cases/test_extending.py::"
        "test_a_leaders_own_case_goes_to_the_director_and_nobody_gives_time_to_themselves",
        file="services/cases/actions.py",
        kept_by="or (who.id == asked.by) is not asked.alone:",
        taken_out="or False:",
    ),
    Protection(
        claim="a case that is not theirs is refused as one that does not exist to whoever asks for it by its number",
        test="tests/integration/cases/test_merging.py::"
        "test_any_other_case_of_the_round_that_somebody_reads_is_laid_beside_theirs",
        file="services/intake/similar.py",
        kept_by="    if other is None or not who.sees(other) or not await reads_whole(work, who, other):",
        taken_out="    if other is None:",
    ),
    Protection(
        claim="what names a team's leader is not handed to those who are led",
        test="tests/integration/cases/test_board.py::test_what_names_a_teams_leader_is_not_handed_to_those_who_are_led",
        file="services/cases/assign.py",
        kept_by="    if any(one.id in named for one in leads):",
        taken_out="    if False:",
    ),
    Protection(
        claim="a member who is shut out gets no text",
        test="tests/integration/cases/test_reading.py::test_a_shut_out_member_gets_no_text_even_if_it_was_queued_before",
        file="services/cases/read_case.py",
        kept_by="    if case is None or not await reads_whole(work, who, case) or (",
        taken_out="    if case is None or (",
    ),
    Protection(
        claim="what leads to a reporter is masked for all staff",
        test="tests/integration/test_masking_on_phones.py",
        file="services/cases/read_case.py",
        kept_by="without_receipts(texts, language, speakers) if bare else hidden(",
        taken_out="without_receipts(texts, language, speakers) if True else hidden(",
    ),
    Protection(
        claim="of a number that is called one no five figures in a row are left to read, with up to five signs that "
        "are no letters, or 和, between any of its figures, in however many messages",
        test="tests/unit/cases/test_masking.py",
        file="privacy/traces/runs.py",
        kept_by="    return len(between) <= _MAX_GAP and all(map(_may_part_figures, between))",
        taken_out='    return len(between) <= 2 and {" ", "-"}.issuperset(between)',
    ),
    Protection(
        claim="of a long number no part is left because a shorter one was found in it",
        test="tests/unit/cases/test_masking.py::test_what_one_person_says_goes_on_from_one_text_into_the_next",
        file="privacy/traces/__init__.py",
        kept_by="    yield from _longest(_numbers_in(plain))",
        taken_out="    yield from _numbers_in(plain)",
    ),
    Protection(
        claim="figures of any script, and signs that are not seen, hide no number",
        test="tests/unit/cases/test_masking.py::"
        "test_a_number_that_is_called_one_is_hidden_with_any_gaps_in_one_text_or_two",
        file="privacy/characters.py",
        kept_by="    return sign in _FILLERS or unicodedata",
        taken_out="    return unicodedata",
    ),
    Protection(
        claim="what turns the direction of a text hides nothing, and does not reach the staff",
        test="tests/unit/cases/test_masking.py::test_what_turns_the_direction_of_a_text_hides_nothing_and_is_not_shown",
        file="services/cases/masking.py",
        kept_by="    return without_directions(masked(text, traces, lambda kind: trace_name(Words(language), kind)))",
        taken_out="    return masked(text, traces, lambda kind: trace_name(Words(language), kind))",
    ),
    Protection(
        claim="a receipt code is masked for all staff however its words are parted, in whatever order and script",
        test="tests/unit/privacy/test_receipt_search.py",
        file="privacy/receipt_search.py",
        kept_by="    yield from ((found.start, found.end) for found in codes_in(plain))",
        taken_out="    yield from ()",
    ),
    Protection(
        claim="a receipt code that opens a complaint is not kept in a draft",
        test="tests/integration/resident/test_codes_in_texts.py::"
        "test_a_code_in_a_draft_is_taken_out_before_anything_is_kept",
        file="services/intake/remove_traces.py",
        kept_by="    return texts_without_traces(draft, codes, language) if codes else ()",
        taken_out="    return ()",
    ),
    Protection(
        claim="nor in what is added to a complaint",
        test="tests/integration/resident/test_codes_in_texts.py::"
        "test_a_code_in_what_is_added_is_taken_out_before_anything_is_kept",
        file="services/intake/remove_traces.py",
        kept_by="    if codes := [*await _working_codes(work, texts), *_own_codes(work, complaint, texts)]:",
        taken_out="    if codes := []:",
    ),
    Protection(
        claim="an account by which its writer is found is masked for all staff",
        test="tests/unit/privacy/test_writers.py::test_every_account_is_found",
        file="privacy/traces/__init__.py",
        kept_by="    yield from ((start, end, TraceKind.ACCOUNT) for start, end in accounts(plain.text))",
        taken_out="    yield from ()",
    ),
    Protection(
        claim="so is the number of a paper that is theirs alone, or of a vehicle",
        test="tests/unit/privacy/test_writers.py",
        file="privacy/traces/__init__.py",
        kept_by="    yield from documents(plain.digits)",
        taken_out="    yield from ()",
    ),
    Protection(
        claim="so is who signs, names their kin or says what they are called",
        test="tests/unit/privacy/test_writers.py::test_what_names_the_writer_is_found_where_it_stands",
        file="privacy/traces/__init__.py",
        kept_by="    yield from signatures(plain.text)",
        taken_out="    yield from ()",
    ),
    Protection(
        claim="the work of searching a text grows with its length and no faster, whatever stands in it",
        test="tests/unit/privacy/test_linear.py",
        file="privacy/traces/houses.py",
        kept_by=r'_NUMBER = r"[\d十百]{1,6}"',
        taken_out=r'_NUMBER = r"[\d十百]+"',
    ),
    Protection(
        claim="only a leader unmasks a case",
        test="tests/integration/cases/test_masking.py::test_nobody_but_the_leader_unmasks",
        file="services/cases/unmask.py",
        kept_by="    if not may_unmask(who, case) or case",
        taken_out="    if case",
    ),
    Protection(
        claim="a refusal tells a shut-out member nothing",
        test="tests/integration/cases/test_actions.py::test_a_refused_action_tells_a_shut_out_member_nothing_about_the_state",
        file="services/cases/case_log.py",
        kept_by="    if not who.sees(case):",
        taken_out="    if False:",
    ),
    Protection(
        claim="what is deleted is overwritten in SQLite's file",
        test="tests/integration/test_database.py::test_what_is_deleted_is_overwritten_on_disk",
        file="models/database.py",
        kept_by="secure_delete=ON",
        taken_out="secure_delete=OFF",
    ),
    Protection(
        claim="another chat cannot open a visit by the complaint's number",
        test="tests/integration/resident/test_coming_back.py::test_another_chat_cannot_open_a_visit_by_the_complaints_id",
        file="handlers/resident/service.py",
        kept_by="    is_reply_address = await visit.is_reply_address_of(work, address, incoming.subject)",
        taken_out="    is_reply_address = True",
    ),
    Protection(
        claim="what somebody on the staff reports as a resident answers no question at work",
        test="tests/integration/people/test_as_resident.py::"
        "test_scanning_a_poster_puts_an_open_question_aside_and_what_follows_is_a_residents",
        file="handlers/resident/entry.py",
        kept_by="    await close_form(context.work, context.member.id)",
        taken_out="    pass",
    ),
    Protection(
        claim="a receipt code that somebody on the staff types answers no question at work",
        test="tests/integration/people/test_as_resident.py::test_a_receipt_code_is_no_answer_to_a_question",
        file="handlers/router.py",
        kept_by="    elif await resident.is_meant_for_resident(context):",
        taken_out="    elif False:",
    ),
    Protection(
        claim="nor does one with a word gone wrong",
        test="tests/integration/people/test_as_resident.py::"
        "test_a_receipt_code_with_a_word_gone_wrong_is_no_answer_to_a_question",
        file="handlers/resident/entry.py",
        kept_by="        case Text(text) | File(_, text) | Unsupported(_, text) if meant_as_code(text) is not None:",
        taken_out="        case Text(_) if False:",
    ),
    Protection(
        claim="what looks like a receipt code with a word gone wrong is taken only after a warning",
        test="tests/unit/resident/test_conversation.py::"
        "test_a_file_is_taken_at_once_and_a_slip_in_its_caption_only_when_its_writer_says_so",
        file="handlers/resident/inputs.py",
        kept_by="    if not isinstance(meant_as_code(text), MistypedCode):",
        taken_out="    if True:",
    ),
    Protection(
        claim="a receipt code with a word gone wrong is masked for all staff where it is called one or printed as one",
        test="tests/unit/privacy/test_traces.py::"
        "test_a_receipt_code_with_a_word_gone_wrong_is_found_where_it_is_called_one_or_stands_in_two_groups",
        file="privacy/receipt_search.py",
        kept_by="""    yield from (
        span
        for span, mistyped, is_certain in _mistyped_in(plain)
        if is_certain or mistyped.kind is not MistypeKind.UNKNOWN_WORD
    )""",
        taken_out="    yield from ()",
    ),
    Protection(
        claim="a name is found in either script, whatever stands between its characters, and over several messages",
        test="tests/integration/people/test_conflicts_of_interest.py::test_a_name_is_found_however_it_is_written",
        file="services/names.py",
        kept_by='    said = simplified("".join(letters))',
        taken_out='    said = "".join(letters)',
    ),
    Protection(
        claim="open cases are searched for the names of those who come to a team or the office later",
        test="tests/integration/people/test_conflicts_of_interest.py::"
        "test_whoever_comes_to_a_team_or_the_office_by_the_county_file_is_searched_for",
        file="services/rounds/import_county.py",
        kept_by="    await shut_out_newcomers(work, known)",
        taken_out="    pass",
    ),
    Protection(
        claim="whoever is named in a case sees no item that was ordered because of it",
        test="tests/integration/rectification/test_restricted.py::"
        "test_whoever_is_named_in_a_case_does_not_see_its_item",
        file="services/access/member.py",
        kept_by=" or item.id in self.shut_out_of_items",
        taken_out="",
    ),
    Protection(
        claim="a county leader whom a case names gets no copy of its item, and signs nothing",
        test="tests/integration/rectification/test_restricted.py::"
        "test_a_county_leader_whom_a_case_names_gets_no_copy_and_signs_nothing",
        file="services/cases/conflicts_of_interest.py",
        kept_by=", Role.OFFICE_STAFF, Role.COUNTY_LEADER)",
        taken_out=", Role.OFFICE_STAFF)",
    ),
    Protection(
        claim="an item ordered at a desk for one pair of eyes is on the staff that one's alone",
        test="tests/integration/rectification/test_restricted.py::"
        "test_an_item_of_the_leaders_own_desk_is_the_leaders_alone_on_the_staff",
        file="services/access/member.py",
        kept_by="        if item.desk is not None:",
        taken_out="        if False:",
    ),
    Protection(
        claim="a list of items tells nothing of anybody else's",
        test="tests/integration/rectification/test_restricted.py::"
        "test_a_list_tells_nothing_of_the_due_day_of_anothers_item",
        file="services/rectification/list_items.py",
        kept_by="    if before is not None and who.actors_at_item(before):",
        taken_out="    if before is not None:",
    ),
    Protection(
        claim="what comes by the code of a unit that has villages waits for its batch, too",
        test="tests/integration/test_batches.py::"
        "test_what_comes_by_the_poster_of_a_unit_that_has_villages_waits_and_so_does_what_is_added",
        file="services/cases/disclosure_times.py",
        kept_by="    return any(known.has_villages(unit_id) for unit_id in unit_ids if unit_id)",
        taken_out="    return False",
    ),
    Protection(
        claim="whoever is shut out by another process, or by the command line, is shut out everywhere at once",
        test="tests/integration/test_directory.py",
        file="services/directory.py",
        kept_by="    if newest is not None and newest.version >= version:\n        return newest",
        taken_out="    if newest is not None:\n        return newest",
    ),
    Protection(
        claim="whether a message may stay where it has just arrived is decided by what is true then",
        test="tests/integration/test_directory.py",
        file="services/directory.py",
        kept_by="    session.info.pop(_CURRENT, None)\n",
        taken_out="    pass\n",
    ),
    Protection(
        claim="an office director whom a crisis names is neither called nor told who is on it",
        test="tests/integration/cases/test_crisis_calls.py::"
        "test_a_director_whom_a_crisis_names_is_neither_called_nor_told_who_is_on_it",
        file="services/cases/crisis_calls.py",
        kept_by="for one in await directors_who_may_know(work, case, named=named) if",
        taken_out="for one in await directors_who_may_know(work, case, named=()) if",
    ),
    Protection(
        claim="nobody takes a crisis to their desk who was not called",
        test="tests/integration/cases/test_crisis_calls.py::test_nobody_takes_a_crisis_who_was_not_called",
        file="services/cases/crisis.py",
        kept_by="    if not is_at_desk and not may_be_taken_by(who, case):",
        taken_out="    if False:",
    ),
    Protection(
        claim="a mail says no more than that something waits, and of what kind",
        test="tests/integration/mail/test_canary.py::test_a_whole_case_goes_by_mail_and_no_mail_tells_what_it_is_about",
        file="handlers/notices.py",
        kept_by="    if message is not None and not (reader.capabilities.content or notice.is_said_everywhere):",
        taken_out="    if False:",
    ),
    Protection(
        claim="what is said as it stands never goes out by mail",
        test="tests/integration/mail/test_reminders.py::test_what_is_said_as_it_stands_never_goes_out_by_mail",
        file="services/delivery/delivery.py",
        kept_by="        if not capable.content and not prepared.is_rendered:",
        taken_out="        if False:",
    ),
    Protection(
        claim="a mail server is believed only with a certificate that is trusted",
        test="tests/unit/channels/test_mail.py::test_a_server_is_believed_only_with_a_certificate_that_is_trusted",
        file="channels/mail/server.py",
        kept_by="            validate_certs=True,",
        taken_out="            validate_certs=False,",
    ),
    Protection(
        claim="the log names nobody whom a mail is for",
        test="tests/unit/channels/test_mail.py::test_no_log_names_whom_a_mail_is_for_or_what_it_says",
        file="channels/mail/transport.py",
        kept_by='            log.warning("a mail is not taken: %s", reason_of(error))',
        taken_out='            log.warning("a mail is not taken: %s", error)',
    ),
    Protection(
        claim="a mail address of somebody's own counts only once they type the code that was mailed there",
        test="tests/integration/mail/test_own_addresses.py::test_a_code_confirms_the_address_it_was_sent_to_alone",
        file="services/people/addresses.py",
        kept_by="    if not compare_digest(code.encode(), typed.encode()):",
        taken_out="    if False:",
    ),
    Protection(
        claim="whoever adds an address in somebody's name cannot do so unheard",
        test="tests/integration/mail/test_own_addresses.py::"
        "test_an_address_that_somebody_else_added_is_taken_away_by_one_press_and_sessions_with_it",
        file="services/people/addresses.py",
        kept_by="        await tell_of_address(work, staff_id, address, asked_at=asked_at)",
        taken_out="        pass",
    ),
    Protection(
        claim="nothing that waits for an address is said there once it is dropped",
        test="tests/integration/mail/test_own_addresses.py::"
        "test_what_waits_for_an_address_is_not_said_there_once_it_is_dropped",
        file="services/delivery/delivery.py",
        kept_by="all(one.address != address for one in own)",
        taken_out="False",
    ),
    Protection(
        claim="a code for a mail address can be guessed at a few times alone",
        test="tests/integration/mail/test_own_addresses.py::test_a_code_that_was_guessed_at_too_often_confirms_nothing",
        file="services/people/addresses.py",
        kept_by="        waiting.tries += 1\n",
        taken_out="        pass\n",
    ),
    Protection(
        claim="what cannot be read of a browser is answered and logged without its address",
        test="tests/integration/web/test_hostile.py::"
        "test_what_cannot_be_read_is_refused_without_a_word_of_it_or_of_who_sent_it",
        file="web/connections.py",
        kept_by="    def handle_error(",
        taken_out="    def _no_handle_error(",
    ),
    Protection(
        claim="of a warning of a library, which may quote the name of a file, the log has its kind alone",
        test="tests/unit/test_log_filter.py::test_of_a_warning_only_its_kind_and_place_are_logged",
        file="bot/log_filter.py",
        kept_by="    warnings.showwarning = _log_a_warning\n",
        taken_out="",
    ),
    Protection(
        claim="no page is framed, kept, indexed, or loads anything from elsewhere",
        test="tests/integration/web/test_hostile.py::test_every_route_and_every_refusal_bears_the_headers",
        file="web/protection.py",
        kept_by='    response.headers.update(HEADERS | {"Cache-Control": kept})',
        taken_out="    pass",
    ),
    Protection(
        claim="a browser that is left quickly keeps nothing of ours",
        test="tests/integration/web/test_hostile.py::test_what_every_page_loads_is_kept_and_left_quickly_nothing_is",
        file="web/resident/views.py",
        kept_by='        response.headers["Clear-Site-Data"] = \'"cache", "cookies", "storage"\'\n',
        taken_out="",
    ),
    Protection(
        claim="a form that another site sends is refused",
        test="tests/integration/web/test_forms.py::test_a_form_of_ours_that_another_site_sends_is_refused",
        file="web/protection.py",
        kept_by="            raise web.HTTPForbidden\n",
        taken_out="            pass\n",
    ),
    Protection(
        claim="a form is taken only from the browser for which it was made",
        test="tests/integration/web/test_forms.py::test_a_form_is_taken_only_from_the_browser_for_which_it_was_made",
        file="web/forms.py",
        kept_by=" or not hmac.compare_digest(found[2], self._made(owner, found[1])):",
        taken_out=":",
    ),
    Protection(
        claim="what a browser sends twice is taken once",
        test="tests/integration/web/test_forms.py::test_what_is_sent_twice_or_at_the_same_time_is_taken_once",
        file="web/once.py",
        kept_by="            return await take(work) if await is_first(session, update_id, work.now) else None",
        taken_out="            return await take(work)",
    ),
    Protection(
        claim="a cookie that a browser made up is no way past the limits",
        test="tests/integration/web/test_admission.py::test_a_cookie_that_was_made_up_is_no_way_in",
        file="web/visitor.py",
        kept_by=" or not any(hmac.compare_digest(found[2], self._given(found[1], day)) for day in days):",
        taken_out=":",
    ),
    Protection(
        claim="a proof of work lets in one browser",
        test="tests/integration/web/test_admission.py::test_a_proof_is_good_for_one_browser_and_an_hour",
        file="web/admission.py",
        kept_by="        elif used.sent != sent or used.times > RESENDS:",
        taken_out="        elif False:",
    ),
    Protection(
        claim="proofs that were worked out while they were cheap are not hoarded for a rush",
        test="tests/unit/web/test_admission.py::test_a_cheap_proof_is_good_for_a_few_minutes_once_proofs_are_dearer",
        file="web/admission.py",
        kept_by="            if is_cheap and now - solved.made > _PRICE_STANDS:",
        taken_out="            if False:",
    ),
    Protection(
        claim="no other site begins a visit in an old browser, which does not say where a form comes from",
        test="tests/integration/web/test_forms.py::test_an_old_browser_takes_no_form_that_another_site_has_fetched",
        file="web/visitor.py",
        kept_by='        return "" if tells_origin(request) else secrets.token_urlsafe(16)',
        taken_out='        return ""',
    ),
    Protection(
        claim="no other site signs anybody in as somebody whom they are not",
        test="tests/integration/web/test_sign_in.py::test_a_form_that_was_fetched_elsewhere_signs_nobody_in",
        file="web/desk/frame.py",
        kept_by="        if form is None or session_id is None:",
        taken_out="        if form is None:",
    ),
    Protection(
        claim="each draft that is begun in a browser costs a proof of work",
        test="tests/integration/web/test_admission.py::test_each_draft_that_is_begun_costs_a_proof",
        file="web/resident/views.py",
        kept_by='(self.visitor.is_new or texts.get("token"))',
        taken_out="self.visitor.is_new",
    ),
    Protection(
        claim="words of a crisis are answered to a browser that is not let in",
        test="tests/integration/web/test_admission.py::"
        "test_words_of_a_crisis_are_answered_at_once_and_nothing_of_them_is_kept",
        file="web/resident/views.py",
        kept_by="self._conversations.crisis_help(text[:MOST_CHARACTERS], language) if not _has_code(text) else []",
        taken_out="self._conversations.crisis_help('', language)",
    ),
    Protection(
        claim="a form is read no further than to our own limit",
        test="tests/integration/web/test_hostile.py::test_what_is_too_much_is_refused_by_our_own_count_and_in_words",
        file="web/posted.py",
        kept_by="        if self._content.total_bytes > MAX_BODY_BYTES:",
        taken_out="        if False:",
    ),
    Protection(
        claim="a form that is nothing but lines is not read",
        test="tests/integration/web/test_hostile.py::test_whatever_a_body_is_it_is_taken_or_refused",
        file="web/posted.py",
        kept_by="        if self._lines > MAX_LINES:",
        taken_out="        if False:",
    ),
    Protection(
        claim="who sends nothing, or hardly anything, is not waited for",
        test="tests/integration/web/test_hostile.py::test_who_is_silent_or_sends_a_byte_a_minute_is_not_waited_for",
        file="web/posted.py",
        kept_by="asyncio.timeout(min(SILENT_SECONDS, in_all - self._waited))",
        taken_out="asyncio.timeout(None)",
    ),
    Protection(
        claim="a receipt code whose round is destroyed is answered like one that never was",
        test="tests/integration/web/test_receipts.py",
        file="services/intake/visit.py",
        kept_by="        Complaint.round_id.in_(work.keyring.round_ids()),\n",
        taken_out="",
    ),
    Protection(
        claim="of the links and sessions of the staff only keyed hashes are kept",
        test="tests/integration/web/test_sign_in.py::test_nothing_in_the_tables_opens_a_session",
        file="services/people/sessions.py",
        kept_by="    return hmac.digest(keyring.lane_secret, ",
        taken_out="    return value or hmac.digest(keyring.lane_secret, ",
    ),
    Protection(
        claim="whoever loses their phone is signed out of the pages at once",
        test="tests/integration/web/test_sign_in.py::test_whoever_leaves_or_loses_their_phone_is_out_at_once",
        file="services/people/leaving.py",
        kept_by="    await end_sessions(work, staff_id)",
        taken_out="    pass",
    ),
    Protection(
        claim="a link that somebody only looks at, such as a mail server, is not used up",
        test="tests/integration/web/test_sign_in.py::test_a_link_that_is_only_looked_at_is_not_used_up_and_opens_once",
        file="web/desk/sign_in.py",
        kept_by="        if not await self._desk.opens(token):",
        taken_out="        if not await self._desk.open(token):",
    ),
    Protection(
        claim="the link of a mail names no case to whoever may not know of it any more",
        test="tests/integration/mail/test_opened.py::test_a_link_names_no_case_that_its_reader_may_not_see_any_more",
        file="web/desk/sign_in.py",
        kept_by="if record and await may_know_of(context, *record) else None",
        taken_out="if record else None",
    ),
    Protection(
        claim="nobody makes up the link of a mail to learn who was told of what",
        test="tests/integration/web/test_sign_in.py::test_no_link_is_made_up_that_tells_who_was_told_of_what",
        file="services/delivery/opened.py",
        kept_by="""_hash(work.keyring, "told", """,
        taken_out="""_hash(work.keyring, "row", """,
    ),
    Protection(
        claim="an invitation that somebody only looks at is not used up, and it lets in once",
        test="tests/integration/mail/test_invitations.py"
        "::test_an_invitation_that_is_looked_at_is_not_used_up_and_lets_in_once",
        file="web/desk/sign_in.py",
        kept_by="        found = await self._desk.invited(token)",
        taken_out="        await self._desk.join(token)\n        found = await self._desk.invited(token)",
    ),
    Protection(
        claim="a form that was made for another browser of the staff does nothing",
        test="tests/integration/web/test_sign_in.py::test_a_form_of_another_browser_does_nothing",
        file="web/desk/cookie.py",
        kept_by='    return session_id or ""',
        taken_out='    return ""',
    ),
    Protection(
        claim="a link that signs in is said to nobody but whose it is, not even in their place",
        test="tests/integration/web/test_sign_in.py::test_the_link_of_a_head_who_cannot_be_reached_goes_to_no_liaison",
        file="services/people/sessions.py",
        kept_by="    return link is not None and link.staff_id == staff_id",
        taken_out="    return link is not None",
    ),
    Protection(
        claim="a session makes no link that would outlast it",
        test="tests/integration/web/test_sign_in.py::test_a_session_makes_no_link_that_would_outlast_it",
        file="web/desk/desk.py",
        kept_by="_NOT_HERE = frozenset({RESIDENTS_AREA, LINKS_AREA})",
        taken_out="_NOT_HERE = frozenset({RESIDENTS_AREA})",
    ),
    Protection(
        claim="a file of a case goes to no browser in which the case was not opened",
        test="tests/integration/web/test_desk.py::test_what_was_not_opened_is_not_shown_nor_sent",
        file="web/desk/views.py",
        kept_by="            if CaseFile(case_id, message_id) not in context.flash.opened_of(case_id):",
        taken_out="            if False:",
    ),
    Protection(
        claim="what a unit hands in goes to those who review it, sign for it or clear it, alone",
        test="tests/integration/web/test_desk.py::test_an_item_from_the_order_to_its_end",
        file="web/desk/views.py",
        kept_by='                if not await is_looked_at_by(context, request.match_info["id"]):',
        taken_out="                if False:",
    ),
    Protection(
        claim="a receipt code that is typed on a page of the staff is taken for nothing there",
        test="tests/integration/web/test_desk.py::test_nobody_is_a_resident_at_these_pages",
        file="web/desk/desk.py",
        kept_by="        case Text(text) if meant_as_code(text) is not None:",
        taken_out="        case Text(text) if text is None:",
    ),
    Protection(
        claim="what answers a press on a page goes to no phone",
        test="tests/integration/web/test_desk.py::"
        "test_what_answers_a_press_stays_on_the_page_and_what_others_are_told_goes_to_them",
        file="services/outbox.py",
        kept_by="        return address == self.address or is_brought",
        taken_out="        return False",
    ),
    Protection(
        claim="a form of the staff's pages leads nowhere else",
        test="tests/integration/web/test_desk.py::test_a_form_leads_nowhere_else",
        file="web/desk/addresses.py",
        kept_by="    return claimed if len(claimed) <= LONGEST_LINE and _OWN.fullmatch(claimed) else HOME",
        taken_out="    return claimed",
    ),
    Protection(
        claim="nothing is public that two people have not approved as it is",
        test="tests/integration/publication/test_approving.py::"
        "test_content_that_was_changed_past_the_approvals_is_not_shown",
        file="services/publication/public_page.py",
        kept_by="or not await is_approved(work.session, publication)",
        taken_out="or False",
    ),
    Protection(
        claim="nobody approves of a publication for two",
        test="tests/integration/publication/test_approving.py::test_nobody_approves_for_two",
        file="services/publication/publications.py",
        kept_by="APPROVALS = 2  # of different people",
        taken_out="APPROVALS = 1  # of different people",
    ),
    Protection(
        claim="an approval counts for what was looked at alone",
        test="tests/integration/publication/test_approving.py::test_an_approval_counts_for_what_was_looked_at_alone",
        file="services/publication/publications.py",
        kept_by="    if len(looked_at) < LOOKED_AT or not hmac.compare_digest(digest[: len(looked_at)], looked_at):",
        taken_out="    if False:",
    ),
    Protection(
        claim="an approval of somebody who has left counts no more",
        test="tests/integration/publication/test_approving.py::test_an_approval_of_somebody_who_has_left_counts_no_more",
        file="services/publication/publications.py",
        kept_by="    return [staff_id for staff_id in approvals if staff_id in may]",
        taken_out="    return list(approvals)",
    ),
    Protection(
        claim="an office director who lets somebody in as an approver does not approve as two at once",
        test="tests/integration/publication/test_approving.py::test_whoever_comes_in_by_a_directors_invitation_waits_and_the_others_are_told",
        file="services/publication/publications.py",
        kept_by="    if since is not None and work.now < since:",
        taken_out="    if False:",
    ),
    Protection(
        claim="whoever a county file lets approve is told to those who approve, and waits",
        test="tests/integration/publication/test_approving.py::test_whoever_a_county_file_lets_approve_waits_and_those_who_approve_are_told",
        file="services/rounds/import_county.py",
        kept_by="    await note_new_approvers(work, approvers, by=by)",
        taken_out="    pass",
    ),
    Protection(
        claim="a public result whose item is not done any more is marked at once",
        test="tests/integration/publication/test_approving.py::test_a_public_result_is_marked_as_soon_as_its_item_is_not_done_any_more",
        file="services/publication/public_page.py",
        kept_by="    return frozenset(numbers.values()) - as_approved",
        taken_out="    return frozenset()",
    ),
    Protection(
        claim="the code of a poll counts once",
        test="tests/integration/polls/test_polls.py::test_each_code_counts_once_and_the_result_comes_when_the_poll_is_closed",
        file="services/polls/polls.py",
        kept_by="delete(PollCode).where(PollCode.digest == digest).returning(PollCode.poll_id)",
        taken_out="select(PollCode.poll_id).where(PollCode.digest == digest)",
    ),
    Protection(
        claim="nobody sees the result of a poll before it is closed",
        test="tests/integration/polls/test_polls.py::test_each_code_counts_once_and_the_result_comes_when_the_poll_is_closed",
        file="services/polls/polls.py",
        kept_by="    if poll.closed_at is None:",
        taken_out="    if False:",
    ),
    Protection(
        claim="of five answers to a poll, or fewer, nothing is shown",
        test="tests/integration/polls/test_polls.py::test_of_five_or_fewer_answers_nothing_is_shown_nor_kept",
        file="services/polls/polls.py",
        kept_by="FEWEST = 6  # answers",
        taken_out="FEWEST = 5  # answers",
    ),
    Protection(
        claim="that one more has answered a poll is told to nobody",
        test="tests/integration/polls/test_polls.py::test_how_many_have_answered_is_told_in_steps_of_five",
        file="services/polls/polls.py",
        kept_by="    return (poll.printed - unused) // STEP * STEP",
        taken_out="    return poll.printed - unused",
    ),
    Protection(
        claim="of the codes of polls only keyed digests are kept",
        test="tests/integration/polls/test_polls.py::test_a_code_stands_nowhere_and_no_row_tells_whose_answer_is_whose",
        file="services/polls/codes.py",
        kept_by="    return hmac.digest(work.keyring.receipt_secret, named, hashlib.sha256).hex()",
        taken_out="    return code",
    ),
    Protection(
        claim="when a poll is closed no code of it is left",
        test="tests/integration/polls/test_polls.py::test_a_used_code_an_unknown_one_and_one_of_a_poll_that_is_over_are_the_same",
        file="services/polls/polls.py",
        kept_by="    await work.session.execute(delete(PollCode).where(PollCode.poll_id == poll.id))",
        taken_out="    pass",
    ),
    Protection(
        claim="whoever is shut out of a unit does not read its polls",
        test="tests/integration/polls/test_polls.py::test_whoever_is_recused_from_the_unit_neither_holds_nor_reads_its_polls",
        file="services/polls/entitled.py",
        kept_by="    if poll.unit_id in who.shut_out_of:",
        taken_out="    if False:",
    ),
    Protection(
        claim="the file on the head of a unit is compiled by the leader for whose eyes its cases are",
        test="tests/integration/cases/test_head_file.py::test_only_the_leader_for_whose_eyes_it_is_writes_compiles_and_gets_it",
        file="services/cases/actions.py",
        kept_by="    return case.desk.kind is DeskKind.LEADER and who.reads(case)",
        taken_out="    return True",
    ),
    Protection(
        claim="what leads to a reporter is masked in a summary",
        test="tests/integration/cases/test_head_file.py::test_what_leads_to_a_reporter_is_masked_in_a_summary_and_told",
        file="services/cases/head_file.py",
        kept_by="    [text] = hidden([await masked_for(work, who, case, text)], who.language)",
        taken_out="    pass",
    ),
    Protection(
        claim="a complaint that is taken back leaves no summary",
        test="tests/integration/cases/test_head_file.py::test_a_summary_is_sealed_and_goes_with_what_was_said",
        file="services/intake/visit.py",
        kept_by="            await erase_summary(work, case)",
        taken_out="            pass",
    ),
    Protection(
        claim="a count below five does not follow from the total",
        test="tests/unit/publication/test_suppression.py::test_a_single_unit_with_few_takes_another_with_it",
        file="services/publication/suppression.py",
        kept_by="    while hidden and shown and (len(hidden) == 1 or ",
        taken_out="    while False and (len(hidden) == 1 or ",
    ),
    Protection(
        claim="a count below five does not follow from two versions of a public page",
        test="tests/unit/publication/test_suppression.py::test_one_more_rating_is_not_told_and_five_more_are",
        file="services/publication/suppression.py",
        kept_by="all(is_safe(cell) and may_follow(_difference(cell, earlier)) for",
        taken_out="all(is_safe(cell) for",
    ),
    Protection(
        claim="a complaint that is for one pair of eyes counts in no public number",
        test="tests/integration/publication/test_numbers.py::test_what_is_for_one_pair_of_eyes_counts_in_nothing",
        file="services/publication/numbers.py",
        kept_by="        if desk.is_for_one or concerns_head or concerns_team:",
        taken_out="        if False:",
    ),
    Protection(
        claim="words that are to be public name nobody on the staff and hold no number that leads to anybody",
        test="tests/integration/publication/test_released_words.py::test_words_that_lead_to_somebody_are_refused",
        file="services/publication/choose_items.py",
        kept_by="    if found and (is_certain(found) or not looked_at):",
        taken_out="    if False:",
    ),
    Protection(
        claim="what repeats a reporter's traces is masked before it is public",
        test="tests/integration/publication/test_released_words.py::test_what_a_reporter_left_is_masked_and_told",
        file="services/publication/choose_items.py",
        kept_by="    problem, result = [await masked_for_all(work, who, item, words) for words in (problem, result)]",
        taken_out="    pass",
    ),
    Protection(
        claim="whoever sees a reviewer's phone light up does not know who has just written under a public result",
        test="tests/integration/publication/test_objections.py::"
        "test_its_reviewers_are_told_at_the_full_hour_and_nobody_else",
        file="services/publication/objections.py",
        kept_by="once=once, not_before=hour + timedelta(hours=1))",
        taken_out="once=once)",
    ),
    Protection(
        claim="what is said under a public result is its reviewers' alone",
        test="tests/integration/publication/test_objections.py::test_nobody_but_the_reviewers_reads_or_decides_it",
        file="services/access/member.py",
        kept_by="        return Actor.TEAM_MEMBER in self.actors_at_item(item)",
        taken_out="        return True",
    ),
    Protection(
        claim="what is said under a public result is set aside by nobody who was not shown it",
        test="tests/integration/publication/test_objections.py::test_only_what_was_shown_is_set_aside",
        file="services/publication/objections.py",
        kept_by=", reason, Objection.id.in_(shown)):",
        taken_out=", reason):",
    ),
    Protection(
        claim="another picture in the place of one that was approved is on no public page",
        test="tests/integration/publication/test_photos.py::"
        "test_another_picture_in_the_place_of_one_that_was_approved_is_not_sent",
        file="services/publication/photos.py",
        kept_by="photo is not None and _id_of(photo.data) == photo_id",
        taken_out="photo is not None",
    ),
    Protection(
        claim="an item that may not be public any more is not made so by an approval",
        test="tests/integration/publication/test_approving.py::"
        "test_an_item_that_may_be_public_no_more_when_it_is_approved_is_not",
        file="services/publication/publications.py",
        kept_by="        await _item_to_publish(work, publication.round_id, chosen)",
        taken_out="        pass",
    ),
    Protection(
        claim="a photo that was not chosen is on no public page",
        test="tests/integration/publication/test_photos.py::test_only_what_was_chosen_and_approved_is_sent",
        file="services/publication/public_page.py",
        kept_by="    if page is None or photo_id not in page.content.photos:",
        taken_out="    if False:",
    ),
    Protection(
        claim="whoever imports a county file on a page gives themselves no role",
        test="tests/integration/web/test_import_page.py::test_what_keeps_reporters_unknown_is_changed_on_no_page",
        file="services/rounds/importing.py",
        kept_by="    if set(before.people[who.id].roles) != set(after.people[who.id].roles):",
        taken_out="    if False:",
    ),
    Protection(
        claim="whoever imports a county file on a page stays known by their name where a complaint tells of them",
        test="tests/integration/web/test_import_page.py::test_what_keeps_reporters_unknown_is_changed_on_no_page",
        file="services/rounds/importing.py",
        kept_by="    if before.names[who.id] != after.names[who.id]:",
        taken_out="    if False:",
    ),
    Protection(
        claim="whoever imports a county file on a page takes over nobody's mail address",
        test="tests/integration/web/test_import_page.py::test_what_keeps_reporters_unknown_is_changed_on_no_page",
        file="services/rounds/importing.py",
        kept_by="    if any(before.addresses.get(one) != after.addresses.get(one) for one in before.people):",
        taken_out="    if False:",
    ),
    Protection(
        claim="no setting that keeps reporters unknown is changed on a page",
        test="tests/integration/web/test_import_page.py::test_what_keeps_reporters_unknown_is_changed_on_no_page",
        file="services/rounds/importing.py",
        kept_by="        found.append(KeptForServer.PRIVACY)",
        taken_out="        pass",
    ),
    Protection(
        claim="no place is added on a page to a round that takes complaints",
        test="tests/integration/web/test_import_page.py::test_what_keeps_reporters_unknown_is_changed_on_no_page",
        file="services/rounds/importing.py",
        kept_by="    if result.new_places:",
        taken_out="    if False:",
    ),
    Protection(
        claim="nobody but an office director imports a county file on a page",
        test="tests/integration/web/test_import_page.py::test_nobody_but_a_director_imports",
        file="services/rounds/importing.py",
        kept_by="    if not who.has(Role.OFFICE_DIRECTOR):",
        taken_out="    if False:",
    ),
    Protection(
        claim="the leader of a team hears who is put on it by a county file that is imported on a page",
        test="tests/integration/web/test_import_page.py::test_the_leader_of_a_team_hears_who_is_put_on_it",
        file="services/rounds/importing.py",
        kept_by="        if new:",
        taken_out="        if False:",
    ),
    Protection(
        claim="no other site shows a page inside its own",
        test="tests/integration/web/test_framing.py",
        file="web/protection.py",
        kept_by="frame-ancestors 'none'; base-uri",
        taken_out="base-uri",
    ),
    Protection(
        claim="a case that is like another is shown to those alone who read it, and not even counted for anybody else",
        test="tests/integration/cases/test_merging.py::test_what_is_restricted_is_shown_to_those_alone_who_read_it_and_not_even_counted",
        file="services/intake/similar.py",
        kept_by="if who.reads(other)]",
        taken_out="if True]",
    ),
    Protection(
        claim="why two cases are alike is told without what leads to a reporter",
        test="tests/integration/cases/test_merging.py::test_what_leads_to_a_reporter_stands_in_no_reason",
        file="services/intake/similar.py",
        kept_by="    said = await dialogues_of(work, cases, language)\n",
        taken_out="    said = await dialogues_of(work, cases, language, bare=True)\n",
    ),
    Protection(
        claim="what leads to a reporter makes no two cases alike",
        test="tests/integration/cases/test_merging.py::test_a_name_that_is_masked_makes_no_case_like_another",
        file="services/intake/similar.py",
        kept_by="        alike = await _alike(own, list(zip(",
        taken_out="        await _alike(own, list(zip(",
    ),
    Protection(
        claim="complaints about different families are never taken for one matter",
        test="tests/unit/intake/test_likeness.py",
        file="services/intake/likeness.py",
        kept_by="    if are_rivals(one, other):",
        taken_out="    if False:",
    ),
    Protection(
        claim="a case that others are joined with lies on the stricter desk of both",
        test="tests/integration/cases/test_merging.py::test_the_stricter_desk_and_every_recusal_hold_for_the_head",
        file="services/cases/merge.py",
        kept_by="    if case.desk.is_stricter_than(head.desk):",
        taken_out="    if False:",
    ),
    Protection(
        claim="whoever is kept from one of two joined cases is kept from both",
        test="tests/integration/cases/test_merging.py::test_whoever_is_named_in_one_is_kept_from_the_head",
        file="services/cases/merge.py",
        kept_by="            await insert_or_ignore(work.session, CaseShutOut, case_id=one.id, staff_id=staff_id)",
        taken_out="            pass",
    ),
    Protection(
        claim="what became of a suggestion is kept from whoever its case is kept from",
        test="tests/integration/fieldwork/test_evening_talks.py::"
        "test_what_became_of_a_suggestion_is_kept_from_whoever_its_case_is_kept_from",
        file="services/fieldwork/evening_talks.py",
        kept_by="case if case is not None and who.knows_of(case) else None",
        taken_out="case",
    ),
    Protection(
        claim="what is joined with a case for one pair of eyes is for these alone",
        test="tests/integration/cases/test_merging.py::"
        "test_what_is_joined_with_a_case_for_one_pair_of_eyes_lies_there_too",
        file="services/cases/merge.py",
        kept_by="    elif head.desk.is_stricter_than(case.desk):",
        taken_out="    elif False:",
    ),
    Protection(
        claim="a case that was joined is read by those alone who read the one that answers for it",
        test="tests/integration/cases/test_level_up.py::"
        "test_the_team_that_lost_a_case_does_not_read_it_in_one_that_was_joined_with_it",
        file="services/cases/case_log.py",
        kept_by=" if answering.state == CaseState.MERGED else None",
        taken_out=" if False else None",
    ),
    Protection(
        claim="a director who is shut out of one of two cases, or of a unit, finds no entry about both, or about it",
        test="tests/integration/test_audit.py::"
        "test_a_director_who_is_named_in_one_of_two_cases_finds_no_entry_about_both",
        file="handlers/people/audit.py",
        kept_by="        if not await _is_kept_from(work, who, entry):",
        taken_out="        if True:",
    ),
    Protection(
        claim="what is added for one pair of eyes is read by nobody else in a case that was joined",
        test="tests/integration/cases/test_merging.py::"
        "test_what_is_added_after_joining_is_kept_from_the_same_people_in_both",
        file="services/cases/dialogue.py",
        kept_by="        is_restricted = await restrict_all(work, case, restrictions)\n        if",
        taken_out="        is_restricted = case.is_open and await restrict_all(work, case, restrictions)\n        if",
    ),
    Protection(
        claim="what is for one pair of eyes is in no cluster, not even as a number",
        test="tests/integration/cases/test_clusters.py::test_what_is_restricted_is_in_no_cluster_not_even_as_a_number",
        file="services/cases/clusters.py",
        kept_by="    return case.desk.kind is DeskKind.TEAM and ",
        taken_out="    return ",
    ),
    Protection(
        claim="what leads to a reporter goes into no special brief",
        test="tests/integration/cases/test_clusters.py::test_what_leads_to_a_reporter_goes_into_no_brief",
        file="services/cases/special_briefs.py",
        kept_by="        text = await masked_for(work, who, case, text)",
        taken_out="        pass",
    ),
    Protection(
        claim="reporters are told no small number of households",
        test="tests/integration/cases/test_clusters.py::test_households_done_are_told_without_small_numbers",
        file="services/cases/special_briefs.py",
        kept_by="    if is_more and least <= done and ",
        taken_out="    if is_more and ",
    ),
    Protection(
        claim="whoever searches texts for what leads to a reporter finds nothing, also where a case was unmasked",
        test="tests/integration/cases/test_searching.py::"
        "test_what_leads_to_a_reporter_finds_nothing_also_where_it_is_unmasked",
        file="services/cases/search.py",
        kept_by="    return _holds(map(blanked, shown), words)",
        taken_out="    return True",
    ),
    Protection(
        claim="nobody finds a case by its words that they may not read",
        test="tests/integration/cases/test_searching.py::"
        "test_what_was_found_by_its_words_is_gone_once_its_reader_only_knows_of_it",
        file="services/cases/search.py",
        kept_by=" if last.in_texts else who.knows_of(case)",
        taken_out=" if not who.desks else who.knows_of(case)",
    ),
    Protection(
        claim="who only knows that a case exists does not find it by its words",
        test="tests/integration/cases/test_searching.py::test_nobody_finds_what_they_may_not_read",
        file="services/cases/search.py",
        kept_by="    if not query.texts:  #",
        taken_out="    if True:  #",
    ),
    Protection(
        claim="what somebody looked for is sealed",
        test="tests/integration/cases/test_searching.py::test_what_was_looked_for_is_sealed_and_forgotten",
        file="services/cases/search.py",
        kept_by="    sealed = work.keyring.outbox.seal_json(_record_of(who.id), pack(done))",
        taken_out="    sealed = str(pack(done)).encode()",
    ),
    Protection(
        claim="a team's list of names tells nobody which of them reported",
        test="tests/integration/cases/test_name_lists.py::test_what_leads_to_the_reporter_matches_no_row_also_unmasked",
        file="services/cases/name_matches.py",
        kept_by="    dialogue = await dialogue_of(work, case, SOURCE)",
        taken_out="    dialogue = await dialogue_of(work, case, SOURCE, bare=True)",
    ),
    Protection(
        claim="a ledger holds no case for one pair of eyes",
        test="tests/integration/cases/test_ledger.py::"
        "test_a_leader_takes_their_teams_the_director_all_and_nobody_else_any",
        file="services/rounds/ledger.py",
        kept_by="return [*map(Desk.team, sorted(teams)), *([OFFICE_DESK] if who.is_office else [])]",
        taken_out="return [*map(Desk.team, sorted(teams)), *who.desks]",
    ),
    Protection(
        claim="within a day a ledger does not tell which case came first",
        test="tests/integration/cases/test_ledger.py::test_within_a_day_the_order_is_that_of_random_numbers",
        file="services/rounds/ledger.py",
        kept_by="key=lambda one: (one.facts.received_on, one.facts.case.id)",
        taken_out="key=lambda one: one.facts.case.received_at",
    ),
    Protection(
        claim="what leads to a person is taken out of what is entered for them",
        test="tests/integration/fieldwork/test_entering.py::"
        "test_what_leads_to_a_person_is_taken_out_unless_it_is_about_the_accused",
        file="services/fieldwork/enter.py",
        kept_by="        kept = without_mentions(entry.texts, mentions, who.language)",
        taken_out="        kept = list(entry.texts)",
    ),
    Protection(
        claim="a receipt code in what is entered for somebody is not kept",
        test="tests/integration/fieldwork/test_entering.py::"
        "test_a_receipt_code_in_what_is_entered_is_taken_out_in_any_case",
        file="services/fieldwork/enter.py",
        kept_by="        kept = without_receipts(entry.texts, who.language)",
        taken_out="        kept = list(entry.texts)",
    ),
    Protection(
        claim="the receipt of what a member entered leaves their chat",
        test="tests/integration/fieldwork/test_entering.py::"
        "test_on_a_phone_a_receipt_that_is_not_handed_over_is_gone_after_an_hour",
        file="handlers/fieldwork/receipts.py",
        kept_by="OutgoingMessage(notice, delete_after_hours=SHOWN_HOURS)",
        taken_out="OutgoingMessage(notice)",
    ),
    Protection(
        claim="a talk with one person is read by the team at its unit alone",
        test="tests/integration/fieldwork/test_talk_records.py::test_nobody_else_keeps_or_reads_a_talk",
        file="services/fieldwork/talk_records.py",
        kept_by=" or (talk.round_id, talk.unit_id, talk.team_id) not in places:",
        taken_out=":",
    ),
    Protection(
        claim="who works in one village of a unit reads no talk of the team that is at the unit",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_what_comes_from_then_on_goes_to_the_other_team_and_by_no_way_to_the_locals",
        file="services/fieldwork/talk_records.py",
        kept_by="    places = {(one.round_id, one.unit_id, one.team_id) for one in",
        taken_out="    places = {(one.round_id, one.unit_id, talk and talk.team_id) for one in",
    ),
    Protection(
        claim="the card of a village tells no small count to whoever is not on its team",
        test="tests/integration/fieldwork/test_village_card.py::"
        "test_whoever_is_not_on_the_team_sees_no_small_count_and_no_plan",
        file="services/fieldwork/village_card.py",
        kept_by="if count >= fewest}",
        taken_out="}",
    ),
    Protection(
        claim="the card of a village counts for nobody what is for one pair of eyes or names them",
        test="tests/integration/fieldwork/test_village_card.py::"
        "test_of_a_case_for_one_pair_of_eyes_the_card_counts_nothing_for_others",
        file="services/fieldwork/village_card.py",
        kept_by="        if desk in who.desks if is_own else desk.kind is DeskKind.TEAM:",
        taken_out="        if desk:",
    ),
    Protection(
        claim="who is only granted to read a case gets no file of it",
        test="tests/integration/people/test_grants.py::"
        "test_who_reads_gets_masked_texts_and_no_file_even_while_the_case_is_unmasked",
        file="services/cases/read_case.py",
        kept_by=" or (in_full and who.reads_in_part(case)):",
        taken_out=":",
    ),
    Protection(
        claim="who is only granted to read a case reads it masked, also while it is unmasked for its team",
        test="tests/integration/people/test_grants.py::"
        "test_who_reads_gets_masked_texts_and_no_file_even_while_the_case_is_unmasked",
        file="services/cases/read_case.py",
        kept_by="    bare = not in_part and ",
        taken_out="    bare = ",
    ),
    Protection(
        claim="what lies before one pair of eyes is granted to nobody",
        test="tests/integration/people/test_grants.py::test_each_role_is_shown_what_it_is_granted_and_does_nothing",
        file="services/access/grants.py",
        kept_by="case.desk == Desk.team(one.team_id) and ",
        taken_out="",
    ),
    Protection(
        claim="nobody is granted to see what they are shut out of",
        test="tests/integration/people/test_grants.py::test_whoever_is_recused_from_the_unit_or_named_is_shown_nothing",
        file="services/access/member.py",
        kept_by="[] if case.held_until is not None or self.is_shut_out(case) else ",
        taken_out="",
    ),
    Protection(
        claim="the head of the leading group reads a summary without what leads to the reporter",
        test="tests/integration/cases/test_instructing.py::"
        "test_the_head_reads_a_summary_and_never_what_leads_to_the_reporter",
        file="services/cases/instruct.py",
        kept_by="await masked_for(work, who, case, words)",
        taken_out="words",
    ),
    Protection(
        claim="a summary for the leading group is erased with what was said",
        test="tests/integration/cases/test_instructing.py::test_what_was_summed_up_is_erased_with_what_was_said",
        file="services/retention/erase.py",
        kept_by=', "instruction": None, "instruction_on": None',
        taken_out="",
    ),
    Protection(
        claim="a leader's brief counts nothing of what lies before the leader alone",
        test="tests/integration/cases/test_instructing.py::test_a_brief_counts_what_lies_on_the_teams_desk_alone",
        file="services/cases/brief.py",
        kept_by="Case.desk == Desk.team(team_id), ",
        taken_out="Case.team_id == team_id, ",
    ),
    Protection(
        claim="whether words may go to a department does not tell what is masked in a case",
        test="tests/integration/cases/test_transfers.py::test_a_refusal_does_not_tell_what_is_masked",
        file="services/cases/quoting.py",
        kept_by="[blanked(one.text) for one in await dialogue_of(work, case, SOURCE) if",
        taken_out="[one.text for one in await dialogue_of(work, case, SOURCE, bare=True) if",
    ),
    Protection(
        claim="what is passed on to a department repeats no passage that a reporter wrote",
        test="tests/integration/cases/test_transfers.py::test_words_of_the_reporter_do_not_leave_the_team",
        file="services/cases/quoting.py",
        kept_by="    if quotes(text, said):",
        taken_out="    if False:",
    ),
    Protection(
        claim="a department is called to a case by nobody who is not shown it",
        test="tests/integration/rectification/test_requests.py::"
        "test_a_townships_office_calls_a_department_to_a_case_that_it_is_shown",
        file="services/cases/actions.py",
        kept_by="    shown_as = {one.role for one in covering(who, case)} if who.is_granted(case) else set()",
        taken_out="    shown_as = {Role.TOWNSHIP_OFFICE}",
    ),
    Protection(
        claim="a copy of an item is not shown to whom a case behind it names, nor to whom is recused from its unit",
        test="tests/integration/rectification/test_copies.py::"
        "test_a_copy_is_kept_from_whom_a_case_behind_the_item_names_and_from_whom_is_recused",
        file="services/rectification/copies.py",
        kept_by="    return and_(kept_from(who), not_(answered_by(who)))",
        taken_out="    return and_(kept_from(who), false())",
    ),
    Protection(
        claim="what came of a restricted case is of the field of nobody to whom it is not copied",
        test="tests/integration/rectification/test_copies.py::"
        "test_a_department_urges_what_is_open_in_its_field_once_a_week",
        file="services/rectification/fields.py",
        kept_by="item.is_open, is_shown, ~kept_from_reader(who)",
        taken_out="item.is_open, ~kept_from_reader(who)",
    ),
    Protection(
        claim="a unit that does not answer for an item reads no copy of it",
        test="tests/integration/rectification/test_copies.py::"
        "test_each_reads_the_copies_that_are_theirs_is_told_once_and_confirms_them",
        file="services/rectification/copies.py",
        kept_by="and_(has_copy(CopyTo.UNIT), is_of_units_of(who))",
        taken_out="has_copy(CopyTo.UNIT)",
    ),
    Protection(
        claim="how rounds compare tells of no category with few cases",
        test="tests/integration/publication/test_round_numbers.py::"
        "test_small_categories_stand_in_the_total_alone_and_a_running_round_counts_in_steps",
        file="services/publication/round_numbers.py",
        kept_by="enough_counted(least))",
        taken_out="enough_counted(1))",
    ),
    Protection(
        claim="how a running round compares does not tell that one complaint more has come",
        test="tests/integration/publication/test_round_numbers.py::"
        "test_small_categories_stand_in_the_total_alone_and_a_running_round_counts_in_steps",
        file="services/publication/round_numbers.py",
        kept_by="    step = least if goes_on else 1",
        taken_out="    step = 1",
    ),
    Protection(
        claim="how rounds compare counts nothing for one pair of eyes",
        test="tests/integration/publication/test_round_numbers.py::"
        "test_small_categories_stand_in_the_total_alone_and_a_running_round_counts_in_steps",
        file="services/publication/round_numbers.py",
        kept_by="        Case.desk.in_(desks),\n",
        taken_out="",
    ),
    Protection(
        claim="many are sorted at once by nobody who does not lead where they lie",
        test="tests/integration/cases/test_triage.py::test_only_what_is_nobodys_on_the_desks_somebody_leads_is_sorted",
        file="services/intake/triage.py",
        kept_by=" and case.desk in desks and who.sees(case)",
        taken_out="",
    ),
    Protection(
        claim="what a matter means for people is said in no words of a reporter",
        test="tests/integration/cases/test_tasks.py::"
        "test_what_a_matter_means_is_the_teams_words_and_goes_with_what_was_said",
        file="services/cases/impact.py",
        kept_by="    await check_summary(work, case, text)",
        taken_out="    pass",
    ),
    Protection(
        claim="what a matter means for people holds nothing that leads to a reporter",
        test="tests/integration/cases/test_tasks.py::"
        "test_what_a_matter_means_is_the_teams_words_and_goes_with_what_was_said",
        file="services/cases/impact.py",
        kept_by="        [text] = hidden([await masked_for(work, who, case, text)], who.language)",
        taken_out="        pass",
    ),
    Protection(
        claim="what a matter means for people is erased with what was said",
        test="tests/integration/cases/test_tasks.py::"
        "test_what_a_matter_means_is_the_teams_words_and_goes_with_what_was_said",
        file="services/retention/erase.py",
        kept_by=', "impact": None',
        taken_out="",
    ),
    Protection(
        claim="a special brief repeats no passage that a reporter wrote",
        test="tests/integration/cases/test_clusters.py::test_a_brief_repeats_nobodys_words_and_looks_at_it_are_noted",
        file="services/cases/special_briefs.py",
        kept_by="        await refuse_quotes(work, case, text)",
        taken_out="        pass",
    ),
    Protection(
        claim="who looks again and again how a brief would read is noted at each of its cases",
        test="tests/integration/cases/test_clusters.py::test_a_brief_repeats_nobodys_words_and_looks_at_it_are_noted",
        file="services/cases/special_briefs.py",
        kept_by="        await log_preview(work, who, case)",
        taken_out="        pass",
    ),
    Protection(
        claim="a summary for the leading group's head repeats no passage that a reporter wrote",
        test="tests/integration/cases/test_instructing.py::"
        "test_a_summary_for_the_head_repeats_no_passage_of_a_reporter",
        file="services/cases/instruct.py",
        kept_by="    await refuse_quotes(work, case, words)",
        taken_out="    pass",
    ),
    Protection(
        claim="the file on the head of a unit repeats no passage that a reporter wrote",
        test="tests/integration/cases/test_head_file.py::test_the_file_repeats_no_passage_of_a_reporter",
        file="services/cases/head_file.py",
        kept_by="    await check_summary(work, case, text)  # as it was written",
        taken_out="    pass  # as it was written",
    ),
    Protection(
        claim="what is passed on to a department holds nothing that leads to a reporter",
        test="tests/integration/cases/test_transfers.py::test_words_of_the_reporter_do_not_leave_the_team",
        file="services/cases/transfers.py",
        kept_by="    summary = await masked_for(work, who, case, summary)",
        taken_out="    pass",
    ),
    Protection(
        claim="a department that a complaint names learns nothing of it",
        test="tests/integration/cases/test_transfers.py::test_a_contact_whom_the_complaint_names_learns_nothing",
        file="services/cases/conflicts_of_interest.py",
        kept_by=", *sorted(DEPARTMENT_ROLES))",
        taken_out=")",
    ),
    Protection(
        claim="whom a case shuts out reads nothing of it at a department",
        test="tests/integration/cases/test_transfers.py::test_who_is_named_later_loses_what_they_had",
        file="services/access/transfers.py",
        kept_by="    if who.is_shut_out(case):",
        taken_out="    if False:",
    ),
    Protection(
        claim="what was sent back or answered is read at the department no more",
        test="tests/integration/cases/test_transfers.py::"
        "test_what_a_department_did_answers_the_case_and_the_reporter_reads_it",
        file="services/access/transfers.py",
        kept_by="    return bool(TRANSFER.actions(transfer.state, actors_at_transfer(who, transfer, case)))",
        taken_out="    return bool(actors_at_transfer(who, transfer, case))",
    ),
    Protection(
        claim="nobody is told how many transfers a department has of those that they may not know of",
        test="tests/integration/cases/test_duty_contacts.py::"
        "test_each_is_told_of_the_transfers_they_may_know_of_and_whoever_passes_none_on_reads_no_list",
        file="services/cases/duty_contacts.py",
        kept_by="        Case.desk.in_(desks),",
        taken_out="        Case.id.is_not(None),",
    ),
    Protection(
        claim="what somebody is shut out of is not among the transfers at a department that they are told of",
        test="tests/integration/cases/test_duty_contacts.py::"
        "test_each_is_told_of_the_transfers_they_may_know_of_and_whoever_passes_none_on_reads_no_list",
        file="services/cases/duty_contacts.py",
        kept_by="            *not_hidden_from(who),",
        taken_out="",
    ),
    Protection(
        claim="heads and liaisons of units do not read the list of departments",
        test="tests/integration/cases/test_duty_contacts.py::"
        "test_each_is_told_of_the_transfers_they_may_know_of_and_whoever_passes_none_on_reads_no_list",
        file="services/cases/duty_contacts.py",
        kept_by="    if not may_read_duty_contacts(who):",
        taken_out="    if False:",
    ),
    Protection(
        claim="the reporter of a case for one pair of eyes is not told to whom it was passed on",
        test="tests/integration/cases/test_transfers.py::"
        "test_the_reporter_hears_that_it_was_passed_on_and_to_whom_unless_it_is_restricted",
        file="services/cases/transfers.py",
        kept_by="    if case.desk.is_for_one or passed_on.is_lead:",
        taken_out="    if passed_on.is_lead:",
    ),
    Protection(
        claim="who agrees to a lead does not read it",
        test="tests/integration/cases/test_leads.py::test_a_lead_goes_once_the_director_agrees_who_does_not_read_it",
        file="services/access/transfers.py",
        kept_by="    if transfer is None or transfer.state is TransferState.PROPOSED:",
        taken_out="    if transfer is None:",
    ),
    Protection(
        claim="a team loses a case that goes to another at once",
        test="tests/integration/cases/test_level_up.py::"
        "test_those_who_had_it_lose_it_at_once_with_what_they_have_opened",
        file="services/cases/level_up.py",
        kept_by="        await move(work, case, desk, team_id)",
        taken_out="        pass",
    ),
    Protection(
        claim="what goes to another team leaves the first with what was joined with it",
        test="tests/integration/cases/test_level_up.py::test_what_was_joined_with_it_goes_too",
        file="services/cases/level_up.py",
        kept_by="    for case in cases:  #",
        taken_out="    for case in cases[:1]:  #",
    ),
    Protection(
        claim="what comes from a village that was given to another team is that team's",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_what_comes_from_then_on_goes_to_the_other_team_and_by_no_way_to_the_locals",
        file="services/directory.py",
        kept_by='        levelled_up = self.levelled_up.get(round_id, {}).get(village_id or "")\n        return',
        taken_out="        levelled_up = None\n        return",
    ),
    Protection(
        claim="the team that had a village loses closed cases of it, too, which reporters may take up again",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_the_team_that_had_a_village_loses_all_it_had_of_it_and_the_other_goes_on",
        file="services/rounds/level_up_village.py",
        kept_by="    here = (",
        taken_out="    here = (Case.is_open, ",
    ),
    Protection(
        claim="nobody hands a case of a village to the local team that it was taken from",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_what_comes_from_then_on_goes_to_the_other_team_and_by_no_way_to_the_locals",
        file="services/cases/assign.py",
        kept_by="    return [team for team in teams if team.id != displaced]",
        taken_out="    return list(teams)",
    ),
    Protection(
        claim="nobody shares a case of a village with the local team that it was taken from",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_what_comes_from_then_on_goes_to_the_other_team_and_by_no_way_to_the_locals",
        file="services/people/grants.py",
        kept_by="{case.team_id, known.displaced_team(case.round_id, case.village_id), *shared}",
        taken_out="{case.team_id, *shared}",
    ),
    Protection(
        claim="a case that was given to another team does not come back by being filed anew",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_it_is_put_back_but_for_what_reporters_asked_another_team_for_or_were_told_that_it_reads",
        file="services/intake/sort_anew.py",
        kept_by="    keeps = case.team_id is not None and unit_id == case.unit_id",
        taken_out="    keeps = False",
    ),
    Protection(
        claim="a village is given away by a director alone, and not of a unit that they are shut out of",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_the_director_alone_decides_and_not_about_a_unit_that_they_are_shut_out_of",
        file="services/rounds/level_up_village.py",
        kept_by=" and unit_id not in who.shut_out_of",
        taken_out="",
    ),
    Protection(
        claim="what is made of a case of a village that another team has is not reviewed by the team of its unit",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_what_is_made_of_a_case_is_for_who_has_the_case_and_of_what_the_team_left_for_the_office",
        file="services/rectification/issue_item.py",
        kept_by="    return replace(place, team_id=await _team_of(work, because_of, place.team_id))",
        taken_out="    return place",
    ),
    Protection(
        claim="a township's office is shown no item of a team that has granted it nothing",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_the_team_that_had_a_village_loses_all_it_had_of_it_and_the_other_goes_on",
        file="services/access/grants.py",
        kept_by="    return (item.unit_id, item.team_id) in _townships(who)",
        taken_out="    return item.unit_id in {unit_id for unit_id, _ in _townships(who)}",
    ),
    Protection(
        claim="when a village is put back, what its reporter asked another team for stays with that",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_it_is_put_back_but_for_what_reporters_asked_another_team_for_or_were_told_that_it_reads",
        file="services/rounds/level_up_village.py",
        kept_by="        if is_put_back and any(",
        taken_out="        if False and any(",
    ),
    Protection(
        claim="what came in for another team is not the locals' when the village is put back",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_what_came_in_for_one_of_two_other_teams_is_not_the_locals_when_it_is_put_back",
        file="services/rounds/level_up_village.py",
        kept_by=" or team.id not in moves.values():",
        taken_out=":",
    ),
    Protection(
        claim="what a reporter adds for another team is not the locals' when the village is put back",
        test="tests/integration/cases/test_level_up_village.py::"
        "test_what_reporters_have_added_for_the_other_team_is_not_the_locals_when_it_is_put_back",
        file="services/rounds/level_up_village.py",
        kept_by="    return await has_written_since(work, case, taken_away)",
        taken_out="    return False",
    ),
    Protection(
        claim="what a reporter adds is kept from whom it names in a case that was joined, too",
        test="tests/integration/cases/test_merging.py::"
        "test_what_a_reporter_adds_is_kept_from_whom_it_names_in_the_joined_case_too",
        file="services/cases/dialogue.py",
        kept_by="        names_somebody_new = await shut_out_named(work, case)",
        taken_out="        names_somebody_new = case.is_open and await shut_out_named(work, case)",
    ),
    Protection(
        claim="nobody lets others be shown what they are shut out of",
        test="tests/integration/people/test_grants.py::"
        "test_who_is_shut_out_lets_nobody_be_shown_it_and_is_not_told_of_it",
        file="services/people/grants.py",
        kept_by=" or not who.knows_of(case):",
        taken_out=":",
    ),
    Protection(
        claim="a brief is kept from whoever is named in a case that it is about",
        test="tests/integration/cases/test_clusters.py::test_whoever_is_named_in_a_case_of_a_brief_hears_nothing_of_it",
        file="services/cases/special_briefs.py",
        kept_by=" or await _is_kept_from(work, who, brief):",
        taken_out=":",
    ),
    Protection(
        claim="a unit learns nothing of a visit that is not announced before it is recorded",
        test="tests/integration/rectification/test_revisits.py::"
        "test_of_an_unannounced_visit_the_unit_learns_nothing_before_it_is_recorded",
        file="services/revisits/visits.py",
        kept_by="    if visit.is_unannounced:\n        return\n",
        taken_out="",
    ),
    Protection(
        claim="nor does whoever is shut out of the unit, though they are of the office",
        test="tests/integration/rectification/test_revisits.py::"
        "test_of_an_unannounced_visit_the_unit_learns_nothing_before_it_is_recorded",
        file="services/revisits/visits.py",
        kept_by="    if not items:  # they are shut out of the unit, or of all that was drawn there",
        taken_out="    if False:",
    ),
    Protection(
        claim="a re-visit group has what was drawn no longer than until its last day",
        test="tests/integration/rectification/test_revisits.py::"
        "test_a_group_of_several_bodies_has_what_was_drawn_and_nothing_else_until_its_last_day",
        file="services/revisits/revisits.py",
        kept_by="        one.ended_at = coarse(work.now)",
        taken_out="        pass",
    ),
    Protection(
        claim="less than a third is never drawn",
        test="tests/unit/test_sampling.py::test_less_than_a_third_is_refused_of_units_as_of_items",
        file="services/revisits/sampling.py",
        kept_by="    if min(unit_share, item_share) < LEAST_SHARE or max(unit_share, item_share) > 1:",
        taken_out="    if False:",
    ),
    Protection(
        claim="a list brought along does not tell whoever is named behind an item that it is there",
        test="tests/integration/rectification/test_restricted.py::"
        "test_whoever_is_named_behind_an_item_does_not_learn_by_anything_else_that_there_is_one",
        file="services/rectification/feedback_list.py",
        kept_by="RectificationItem.desk.is_(None), theirs(who)",
        taken_out="RectificationItem.desk.is_(None)",
    ),
    Protection(
        claim="the audit log tells a director nothing of an item that is kept from them",
        test="tests/integration/rectification/test_restricted.py::"
        "test_whoever_is_named_behind_an_item_does_not_learn_by_anything_else_that_there_is_one",
        file="handlers/people/audit.py",
        kept_by="    if any(item is not None and not who.actors_at_item(item) for item in about):",
        taken_out="    if False:",
    ),
    Protection(
        claim="a unit does not see by its own count which of its orders lies on a desk for one pair of eyes",
        test="tests/integration/rectification/test_restricted.py::"
        "test_a_unit_does_not_see_by_its_own_count_which_order_lies_on_a_desk_for_one_pair_of_eyes",
        file="services/evaluation/entitled.py",
        kept_by="    return and_(IS_ISSUED, or_(own, and_(others, not_(kept_from(who)))))",
        taken_out="    return and_(*COUNTED, or_(own, and_(others, not_(kept_from(who)))))",
    ),
    Protection(
        claim="whoever is shut out of where a problem was found reads no question to other units about it",
        test="tests/integration/rectification/test_revisits.py::"
        "test_other_units_of_the_kind_say_yes_or_no_and_do_not_learn_where_it_was_found",
        file="services/revisits/self_checks.py",
        kept_by="        hidden = or_(SelfCheck.unit_id.in_(who.shut_out_of), SelfCheck.item_id.in_(found_at))",
        taken_out="        hidden = or_(SelfCheck.unit_id.in_(who.shut_out_of), SelfCheck.item_id.in_([]))",
    ),
    Protection(
        claim="a head whom the case behind a finding concerns is not asked about it before it is issued",
        test="tests/integration/rectification/test_draft_comments.py::"
        "test_a_head_reads_nothing_of_the_case_and_whom_it_concerns_is_not_asked",
        file="services/rectification/draft_comments.py",
        kept_by="case.concerns_head or case.desk.is_for_one or case.id in head.shut_out_of_cases",
        taken_out="case.id in head.shut_out_of_cases",
    ),
    Protection(
        claim="a head whom a case names meanwhile reads no more of the finding that came of it",
        test="tests/integration/rectification/test_draft_comments.py::"
        "test_a_head_reads_nothing_of_the_case_and_whom_it_concerns_is_not_asked",
        file="services/rectification/draft_comments.py",
        kept_by="        return frozenset() if is_hidden else frozenset({Actor.UNIT_HEAD})",
        taken_out="        return frozenset({Actor.UNIT_HEAD})",
    ),
    Protection(
        claim="what was told to the head of a unit alone is none of the liaison's business",
        test="tests/integration/rectification/test_feedback.py::"
        "test_a_meeting_is_written_down_and_its_head_signs_for_it",
        file="services/rectification/feedback.py",
        kept_by="        and_(FeedbackMeeting.unit_id.in_(own), ~for_head_alone),",
        taken_out="        FeedbackMeeting.unit_id.in_(own),",
    ),
    Protection(
        claim="no other unit learns where a problem was found that it is asked about",
        test="tests/integration/rectification/test_revisits.py::"
        "test_other_units_of_the_kind_say_yes_or_no_and_do_not_learn_where_it_was_found",
        file="services/revisits/self_checks.py",
        kept_by="        raise NamesUnit",
        taken_out="        pass",
    ),
    Protection(
        claim="what lies before one pair of eyes is in no common problem, not even as a number",
        test="tests/integration/rectification/test_letters.py::"
        "test_three_units_with_one_fault_are_proposed_once_and_the_office_decides",
        file="services/rectification/patterns.py",
        kept_by=", RectificationItem.desk.is_(None))",
        taken_out=")",
    ),
    Protection(
        claim="whoever is named behind an item is neither sent nor shown a letter on it",
        test="tests/integration/rectification/test_letters.py::"
        "test_whoever_is_named_behind_an_item_has_nothing_to_do_with_the_letter_and_what_is_late_is_told_once",
        file="services/letters/letters.py",
        kept_by="    return [one for one in found if one.id not in kept_away]",
        taken_out="    return found",
    ),
    Protection(
        claim="whether complaints fall after a reform is not said of fewer than five",
        test="tests/unit/test_reform_effect.py",
        file="services/letters/effect.py",
        kept_by="    if min(before.about, after.about) < fewest:",
        taken_out="    if False:",
    ),
    Protection(
        claim="a case that is for one pair of eyes stands on no docket",
        test="tests/integration/rectification/test_docket.py::"
        "test_a_case_lies_before_the_leading_group_only_as_long_as_it_may",
        file="services/docket/entries.py",
        kept_by="    elif case is not None and not case.desk.is_for_one:",
        taken_out="    elif case is not None:",
    ),
    Protection(
        claim="whoever is named in a case does not see it on the docket",
        test="tests/integration/rectification/test_docket.py::"
        "test_a_case_lies_before_the_leading_group_only_as_long_as_it_may",
        file="services/docket/access.py",
        kept_by="    return is_on_a_desk_of_several and who.has(*LEADING_GROUP_ROLES) and not who.is_shut_out(case)",
        taken_out="    return is_on_a_desk_of_several and who.has(*LEADING_GROUP_ROLES)",
    ),
    Protection(
        claim="no unit learns of a bulletin that was not sent to it",
        test="tests/integration/rectification/test_talks.py::"
        "test_a_bulletin_is_a_draft_of_facts_and_reaches_nobody_before_the_director_sends_it",
        file="services/talks/bulletins.py",
        kept_by="    return bulletin.is_for_all and who.has(Role.UNIT_HEAD)",
        taken_out="    return who.has(Role.UNIT_HEAD)",
    ),
    Protection(
        claim="a unit learns of a talk once it is arranged, and not before",
        test="tests/integration/rectification/test_talks.py::test_a_reminder_talk_from_the_card_to_the_broken_promise",
        file="services/talks/talks.py",
        kept_by="_ABOVE | _UNIT_AND_LEADER if talk.state in _TOLD_TO_UNIT else _ABOVE",
        taken_out="_ABOVE | _UNIT_AND_LEADER",
    ),
    Protection(
        claim="a red card is given by the leading group alone",
        test="tests/integration/rectification/test_talks.py::"
        "test_a_red_card_is_the_leading_groups_to_give_and_nobody_else_hears_of_it_before",
        file="services/talks/cards.py",
        kept_by="    if found.is_passed_on:",
        taken_out="    if False:",
    ),
    Protection(
        claim="a unit never sees what its complaints are about",
        test="tests/integration/evaluation/test_grades.py::"
        "test_grades_go_from_the_office_to_leaders_to_units_and_each_sees_its_own",
        file="services/evaluation/evaluate.py",
        kept_by="        row.topics if view.has_topics else {},",
        taken_out="        row.topics,",
    ),
    Protection(
        claim="of what a unit's complaints are about, small counts are not even kept",
        test="tests/integration/evaluation/test_grades.py::"
        "test_grades_go_from_the_office_to_leaders_to_units_and_each_sees_its_own",
        file="services/evaluation/counts.py",
        kept_by=" if count >= fewest}",
        taken_out="}",
    ),
    Protection(
        claim="a unit sees no report card before it is released, and only its own",
        test="tests/integration/evaluation/test_grades.py::"
        "test_grades_go_from_the_office_to_leaders_to_units_and_each_sees_its_own",
        file="services/evaluation/entitled.py",
        kept_by="        return CardView.OWN if evaluation.state is EvaluationState.RELEASED else None",
        taken_out="        return CardView.OWN",
    ),
    Protection(
        claim="who is shut out of a unit does not see its report card",
        test="tests/integration/evaluation/test_grades.py::"
        "test_who_is_shut_out_of_a_unit_sees_neither_its_card_nor_its_numbers",
        file="services/evaluation/entitled.py",
        kept_by="    if card.unit_id in who.shut_out_of:",
        taken_out="    if False:",
    ),
    Protection(
        claim="a unit whose items lie on a desk for one pair of eyes has no report card for who reads none of them",
        test="tests/integration/evaluation/test_grades.py::"
        "test_a_unit_whose_items_lie_on_one_desk_is_graded_for_who_reads_them_and_is_not_there_for_others",
        file="services/evaluation/entitled.py",
        kept_by="    return not card.is_apart or not card.items_led_by(who.id) <= who.shut_out_of_items",
        taken_out="    return True",
    ),
    Protection(
        claim="such a unit tells nothing by the number of places",
        test="tests/integration/evaluation/test_grades.py::"
        "test_a_unit_whose_items_lie_on_one_desk_is_graded_for_who_reads_them_and_is_not_there_for_others",
        file="services/evaluation/evaluate.py",
        kept_by="    of_units = max(1, sum(not row.is_apart for row in rows))",
        taken_out="    of_units = len(rows)",
    ),
    Protection(
        claim="a report card counts for the unit all its orders, and it knows none by its absence",
        test="tests/integration/evaluation/test_grades.py::"
        "test_a_card_counts_for_its_reader_all_orders_that_this_one_reads",
        file="services/evaluation/evaluate.py",
        kept_by="            counts += one.counts",
        taken_out="            pass",
    ),
    Protection(
        claim="a report card and a clearance count for nobody what a case that names them led to",
        test="tests/integration/evaluation/test_grades.py::"
        "test_a_card_counts_for_its_reader_all_orders_that_this_one_reads",
        file="services/evaluation/evaluate.py",
        kept_by="            counts -= one.counts",
        taken_out="            pass",
    ),
    Protection(
        claim="a report card shows points to nobody for whom they would not add up to its grade",
        test="tests/integration/evaluation/test_grades.py::"
        "test_a_card_counts_for_its_reader_all_orders_that_this_one_reads",
        file="services/evaluation/evaluate.py",
        kept_by=" if view.has_points else None,",
        taken_out=",",
    ),
    Protection(
        claim="an alarm about an item is for nobody who keeps away from any of its units, or from whom it is hidden",
        test="tests/integration/evaluation/test_process_alarms.py::"
        "test_what_does_not_go_well_is_told_once_and_listed_until_it_is_over",
        file="services/evaluation/alarms.py",
        kept_by="        exists().where(_item.id == ProcessAlarm.subject, is_hidden),",
        taken_out="        ProcessAlarm.subject.in_(who.shut_out_of_items),",
    ),
    Protection(
        claim="an order on a desk for one pair of eyes bears the copies that any other does",
        test="tests/integration/rectification/test_restricted.py::"
        "test_a_department_gets_and_supervises_what_lies_on_a_desk_for_one_as_it_does_anything_else",
        file="services/rectification/issue_item.py",
        kept_by="    order = replace(order, copies=await usual_copies(work, order))\n    item = checked(",
        taken_out="    item = checked(",
    ),
    Protection(
        claim="nobody reads for a department what a desk for one pair of eyes keeps from them",
        test="tests/integration/rectification/test_restricted.py::"
        "test_a_department_gets_and_supervises_what_lies_on_a_desk_for_one_as_it_does_anything_else",
        file="services/rectification/list_items.py",
        kept_by="    return RectificationItem.desk.is_(None) if who.is_kept_to_desks else true()",
        taken_out="    return true()",
    ),
    Protection(
        claim="the organisation department alone asks for a clearance",
        test="tests/integration/evaluation/test_grades.py::"
        "test_the_organisation_department_is_answered_with_two_counts_and_each_question_is_written_down",
        file="services/evaluation/clearance.py",
        kept_by="    if not may_ask(known, who) or ",
        taken_out="    if ",
    ),
    Protection(
        claim="the list of a sample is given to nobody from whom anything in it is kept",
        test="tests/integration/rectification/test_revisits.py::"
        "test_the_list_of_a_sample_is_taken_along_by_the_office_alone_and_only_whole",
        file="services/revisits/draw_list.py",
        kept_by="    if revisit is None or not await may_take_draw_list(work, who, revisit):",
        taken_out="    if revisit is None:",
    ),
    Protection(
        claim="what a liaison prepares for the head to report is read by the people of the unit alone",
        test="tests/integration/rectification/test_self_reports.py::"
        "test_what_a_liaison_prepares_is_no_item_before_the_head_of_the_unit_confirms_it",
        file="services/rectification/self_report.py",
        kept_by="    if report is None or not actors_at(who, report):\n        raise NotEntitled\n    return report",
        taken_out="    if report is None:\n        raise NotEntitled\n    return report",
    ),
    Protection(
        claim="a report to the leader alone is read by nobody else",
        test="tests/integration/evaluation/test_grades.py::test_reports_and_files_are_for_those_whom_they_are_for",
        file="services/evaluation/report.py",
        kept_by="    if not may_read(who, view):",
        taken_out="    if False:",
    ),
    Protection(
        claim="reporters are told of a safety action in no words of the unit's",
        test="tests/integration/rectification/test_interim.py::"
        "test_the_head_alone_reports_it_once_and_reporters_are_told_in_no_words_of_the_units",
        file="services/rectification/interim.py",
        kept_by='await say_to_reporter(work, case, MessageKind.TEXT, key="made_safe"',
        taken_out='await say_to_reporter(work, case, MessageKind.TEXT, texts[0], key="made_safe"',
    ),
    Protection(
        claim="that a report is named stands on the cards of its readers alone",
        test="tests/integration/cases/test_named_reports.py::test_the_mark_stands_on_the_cards_of_its_readers_and_nowhere_else",
        file="handlers/cases/card.py",
        kept_by="    if case.is_named_report and case.is_open and who.sees(case) and who.reads(case):",
        taken_out="    if case.is_named_report and case.is_open:",
    ),
    Protection(
        claim="no list tells by the name of a clock which reports are named",
        test="tests/integration/cases/test_named_reports.py::test_the_mark_stands_on_the_cards_of_its_readers_and_nowhere_else",
        file="models/clocks.py",
        kept_by="    return _SHOWN_AS.get(clock, clock)",
        taken_out="    return clock",
    ),
    Protection(
        claim="nobody marks as named what they have not read",
        test="tests/integration/cases/test_named_reports.py::"
        "test_whoever_has_read_it_and_owns_it_or_leads_marks_it_and_its_clocks_are_stricter",
        file="services/cases/named_reports.py",
        kept_by="    await require_read(work, who, case)\n",
        taken_out="",
    ),
    Protection(
        claim="an item that lacks anything is issued by nobody",
        test="tests/integration/rectification/test_entering.py::test_an_item_that_lacks_anything_is_issued_by_nobody",
        file="services/rectification/issue_item.py",
        kept_by="    if lacks := missing(order, await aspects_for(work, order, place.round_id)):",
        taken_out="    if lacks := []:",
    ),
    Protection(
        claim="the audit log does not lead from a case to the item that was made of it",
        test="tests/integration/rectification/test_entering.py::test_an_item_made_from_a_case_does_not_say_so",
        file="services/rectification/issue_item.py",
        kept_by='{"subject": item.id} if because_of is None else {"case_id": because_of.id}',
        taken_out='{"subject": item.id}',
    ),
    Protection(
        claim="what a head has not confirmed is their unit's alone",
        test="tests/integration/rectification/test_papers.py::"
        "test_a_plan_is_prepared_given_back_confirmed_sent_back_and_approved",
        file="services/rectification/papers.py",
        kept_by="    if row.confirmed_by_id is None and not who.actors_at_item(item) & UNIT_ACTORS:",
        taken_out="    if False:",
    ),
    Protection(
        claim="a messenger's printout is the office's alone to take",
        test="tests/integration/rectification/test_papers.py::"
        "test_a_messenger_takes_the_items_of_units_whose_head_is_not_reached",
        file="services/rectification/printout.py",
        kept_by="    if not who.has(*OFFICE_ROLES) or item.unit_id in who.shut_out_of:",
        taken_out="    if False:",
    ),
)
