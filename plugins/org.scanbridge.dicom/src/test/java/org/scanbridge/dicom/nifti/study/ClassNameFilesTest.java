package org.scanbridge.dicom.nifti.study;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassNameFilesTest {

    /** The readers look at the label maps of a study side by side; a plain map fails here in nearly every run. */
    @Test
    void servesSeveralThreads(@TempDir final Path folder) throws Exception {
        final int files = 200;
        for (int n = 0; n < files; n++) {
            Files.writeString(folder.resolve("s" + n + ".tsv"), "index\tname\n" + (n + 1) + "\tclass " + n + "\n");
        }
        final ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 10; round++) {
                final ClassNameFiles names = new ClassNameFiles(folder);
                final List<Future<SortedMap<Integer, String>>> found = new ArrayList<>();
                for (int n = 0; n < files; n++) {
                    final String name = "s" + n + ".nii.gz";
                    found.add(workers.submit(() -> names.of(new NiftiFile(folder.resolve(name), name))));
                }
                for (int n = 0; n < files; n++) {
                    assertEquals(Map.of(n + 1, "class " + n), found.get(n).get());
                }
            }
        } finally {
            workers.shutdown();
        }
    }
}
