package org.scanbridge.dicom.web;

import java.util.List;
import java.util.Optional;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.StatusCode;
import org.scanbridge.dicom.archive.StoreResult;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;

/**
 * What a server answers to a Store transaction (PS3.18 10.5.3, annex I).
 *
 * @param status 200 if all is stored, 202 if some or with warnings, 409 if nothing; others refuse the request
 * @param details the data set of the answer; empty if there is none
 * @param refusal why the request is refused; empty if it is not
 */
record StoreAnswer(int status, Optional<DataSet> details, String refusal) {

    /**
     * What it says of an instance.
     *
     * @return empty if it does not say what became of it
     * @throws ArchiveException if the details are not as the standard says
     */
    Optional<StoreResult> of(final String sopClass, final String sopInstance) throws ArchiveException {
        if (!refusal.isEmpty()) {
            return Optional.of(new StoreResult(sopClass, sopInstance, Outcome.REFUSED, StoreResult.NO_CODE, refusal));
        }
        try {
            if (details.isPresent()) {
                final Optional<DataSet> failed = item(details.get(), Tag.FAILED_SOP_SEQUENCE, sopInstance);
                if (failed.isPresent()) {
                    return Optional.of(failed(failed.get(), sopClass, sopInstance));
                }
                final Optional<DataSet> stored = item(details.get(), Tag.REFERENCED_SOP_SEQUENCE, sopInstance);
                if (stored.isPresent()) {
                    final int code = stored.get().integer(Tag.WARNING_REASON, StoreResult.NO_CODE);
                    return Optional.of(new StoreResult(sopClass, sopInstance, code > 0 ? Outcome.WARNING : Outcome.STORED,
                        code > 0 ? code : StoreResult.NO_CODE,
                        code > 0 ? "Stored, but " + StoreReason.words(code) + "." : ""));
                }
            }
        } catch (final DicomException e) {
            throw new ArchiveException(Kind.BROKEN_ANSWER, "The archive sent an answer to what was stored that cannot be"
                + " read: " + e.getMessage() + ".", e);
        }
        // Without details, 200 says that everything is stored (PS3.18 table 10.5.3-1); nothing else says anything.
        return status == 200 && details.isEmpty()
            ? Optional.of(new StoreResult(sopClass, sopInstance, Outcome.STORED, StoreResult.NO_CODE, "")) : Optional.empty();
    }

    private static StoreResult failed(final DataSet item, final String sopClass, final String sopInstance)
        throws DicomException {
        final int code = item.integer(Tag.FAILURE_REASON, StoreResult.NO_CODE);
        if (code == StatusCode.DUPLICATE) {
            return new StoreResult(sopClass, sopInstance, Outcome.ALREADY_THERE, code, "");
        }
        return new StoreResult(sopClass, sopInstance, Outcome.REFUSED, code, "Refused: "
            + (code < 0 ? "the archive gives no reason" : StoreReason.words(code)) + ".");
    }

    private static Optional<DataSet> item(final DataSet details, final int sequence, final String sopInstance)
        throws DicomException {
        final List<DataSet> items = details.items(sequence);
        return items.stream().filter(i -> i.text(Tag.REFERENCED_SOP_INSTANCE_UID).equals(sopInstance)).findFirst();
    }
}
